using Congress.Data;
using Congress.Datalog;
using Congress.Diagnostics;

namespace Congress.Policies.Explaining;

/// <summary>Finds where facts come from: the texts that hold them, what the host knows, and else their datasource.</summary>
internal sealed class Origins(View view, Func<TableName, Row, SourceSpan?> placeOf, IFactOrigins? host, CancellationToken cancellationToken)
{
    /// <summary>The origins that are known.</summary>
    public IReadOnlyDictionary<(TableName, Row), FactOrigin> Of(IEnumerable<(TableName Table, Row Row)> facts)
    {
        var found = new Dictionary<(TableName, Row), FactOrigin>();
        foreach (var group in facts.GroupBy(f => f.Table, f => f.Row))
        {
            var rows = group.ToHashSet();
            foreach (var row in group)
            {
                if (placeOf(group.Key, row) is { } place)
                {
                    found[(group.Key, row)] = new(place.Source ?? group.Key.Policy, place.Line);
                    rows.Remove(row);
                }
            }

            foreach (var (row, origin) in rows.Count > 0 && host is not null ? host.Find(group.Key, rows, cancellationToken) : new Dictionary<Row, FactOrigin>())
            {
                found[(group.Key, row)] = origin;
                rows.Remove(row);
            }

            if (view.Program.Policies.GetValueOrDefault(group.Key.Policy)?.Kind == PolicyKind.Datasource)
            {
                foreach (var row in rows)
                {
                    found[(group.Key, row)] = new($"datasource {group.Key.Policy}");
                }
            }
        }

        return found;
    }
}
