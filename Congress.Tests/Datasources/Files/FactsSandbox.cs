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

    public static List<Row> ReadAll(FactsFile file, TableSchema? schema = null)
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
