// Runs a script of SQL in a database in memory and prints the rows of each SELECT, columns separated by tabs.
// usage: node duckdb.mjs FOLDER-OF-NODE_MODULES SCRIPT
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const [folder, script] = process.argv.slice(2);
const { DuckDBInstance } = createRequire(join(folder, 'package.json'))('@duckdb/node-api');

const instance = await DuckDBInstance.create(':memory:');
const connection = await instance.connect();
for (const statement of readFileSync(script, 'utf8').split(/;\n/)) {
    if (statement.trim() === '') continue;
    if (statement.startsWith('SELECT')) {
        const reader = await connection.runAndReadAll(statement);
        for (const row of reader.getRows()) console.log(row.map(String).join('\t'));
    } else {
        await connection.run(statement);
    }
}
connection.closeSync();
