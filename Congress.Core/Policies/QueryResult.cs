using System.Collections;
using Congress.Data;
using Congress.Datalog.Answers;

namespace Congress.Policies;

/// <summary>The answer to a query: its distinct rows, in no order.</summary>
public sealed class QueryResult : IReadOnlyList<Row>
{
    private readonly IReadOnlyList<Row> _rows;
    private readonly Lazy<IReadOnlyList<string>> _instances;

    internal QueryResult(QueryAnswer answer) => (Columns, _rows, _instances) = answer;

    /// <summary>The names of the columns: the query's variables, or for other arguments what stands there.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <summary>The query with its variables replaced, once for each way in which it holds: atoms, or whole rules.</summary>
    public IReadOnlyList<string> Instances => _instances.Value;

    /// <inheritdoc/>
    public int Count => _rows.Count;

    /// <inheritdoc/>
    public Row this[int index] => _rows[index];

    /// <inheritdoc/>
    public IEnumerator<Row> GetEnumerator() => _rows.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The instances, one a line.</summary>
    public override string ToString() => string.Join(Environment.NewLine, Instances);
}
