using System.Text;
using Congress.Data;
using Congress.Datasources.Drivers.Files;
using Congress.Diagnostics;

namespace Congress.Tests.Datasources.Files;

/// <summary>A folder of facts that goes with the test, and short ways to fill and read it.</summary>
internal sealed class FactsSandbox : IDisposable
{
    public FactsSandbox() => Path = Directory.CreateTempSubdirectory("facts-").FullName;

    public string Path { get; }

    public static TableSchema Schema(string table, params (string Name, ColumnType Type)[] columns) =>
        new(table, Array.ConvertAll(columns, column => new Column(column.Name, column.Type)));

    public FactsFile File(string name, string content) => File(name, Encoding.UTF8.GetBytes(content));

    public FactsFile File(string name, byte[] content)
    {
        var path = System.IO.Path.Combine(Path, name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        System.IO.File.WriteAllBytes(path, content);
        return FactsFolder.Scan(Path).Files.Single(file => string.Equals(file.Path, path, StringComparison.Ordinal));
    }

    /// <summary>The rows of a file, one a line as literals.</summary>
    public string Rows(string name, string content, TableSchema? schema = null) => string.Join('\n', ReadAll(File(name, content), schema));

    /// <summary>The rows of a file, read one by one; read in blocks they are the same, or the same is wrong with them.</summary>
    public static List<Row> ReadAll(FactsFile file, TableSchema? schema = null)
    {
        PolicyException? wrong = null;
        List<Row> rows = [];
        try
        {
            rows = ReadOneByOne(file, schema);
        }
        catch (PolicyException exception)
        {
            wrong = exception;
        }

        if (wrong is not null)
        {
            Assert.Equal(wrong.Message, Assert.Throws<PolicyException>(() => ReadBlocks(file, schema)).Message);
            throw wrong;
        }

        Assert.Equal(rows, ReadBlocks(file, schema));
        return rows;
    }

    private static List<Row> ReadOneByOne(FactsFile file, TableSchema? schema)
    {
        using var reader = file.Open(schema);
        var rows = new List<Row>();
        while (reader.Read())
        {
            Assert.Equal(reader.Width, reader.Current.Length);
            rows.Add(new(reader.Current));
        }

        Assert.False(reader.Read());
        return rows;
    }

    private static List<Row> ReadBlocks(FactsFile file, TableSchema? schema)
    {
        using var reader = file.Open(schema);
        var (rows, block) = (new List<Row>(), new RowBlock());
        for (reader.ReadTo(block); block.Count > 0; reader.ReadTo(block))
        {
            Assert.Equal(reader.Width, block.Width);
            for (var row = 0; row < block.Count; row++)
            {
                rows.Add(new([.. block.Cells.Skip(row * block.Width).Take(block.Width).Select(block.ValueOf)]));
            }
        }

        return rows;
    }

    /// <summary>What reading the file says, with paths relative to the folder.</summary>
    public string Refusal(string name, string content, TableSchema? schema = null) => Refusal(name, Encoding.UTF8.GetBytes(content), schema);

    public string Refusal(string name, byte[] content, TableSchema? schema = null)
    {
        var file = File(name, content);
        return Refusal(() => ReadAll(file, schema));
    }

    public string Refusal(Action act) =>
        Assert.Throws<PolicyException>(act).Message
            .Replace(Path + System.IO.Path.DirectorySeparatorChar, "", StringComparison.Ordinal)
            .Replace(Path, "DIR", StringComparison.Ordinal);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
