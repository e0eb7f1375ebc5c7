using Congress.Data;

namespace Congress.Policies.Explaining;

/// <summary>Knows where the rows come from that somebody has given to an engine; asked when a row is explained.</summary>
public interface IFactOrigins
{
    /// <summary>Finds where rows of a table come from.</summary>
    /// <param name="table">The table.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    /// <returns>The origins that are known, by row. It may not use the engine.</returns>
    IReadOnlyDictionary<Row, FactOrigin> Find(TableName table, IReadOnlySet<Row> rows, CancellationToken cancellationToken);
}
