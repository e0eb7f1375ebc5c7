using Congress.Data;

namespace Congress.Tests.Properties;

/// <summary>A table of a random program.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Columns">What mostly stands in its columns.</param>
/// <param name="IsDeclared">Whether its columns have names: c0, c1, ...</param>
internal sealed record RandomTable(TableName Name, Sort[] Columns, bool IsDeclared)
{
    public int Arity => Columns.Length;

    public string Declaration => $"declare {Name.Table}({string.Join(", ", Enumerable.Range(0, Arity).Select(i => $"c{i}"))})";
}
