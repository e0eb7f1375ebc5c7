using Congress.Data;
using Congress.Diagnostics;

namespace Congress.Datalog.Programs;

/// <summary>Where the facts stand that texts have given, for explanations.</summary>
/// <remarks>Bounded: of what comes beyond it the place is not known. A place goes with its row.</remarks>
internal sealed class FactPlaces
{
    /// <summary>The most places.</summary>
    public const int MaxPlaces = 100_000;

    private readonly Dictionary<TableName, Dictionary<Row, SourceSpan>> _places = [];
    private int _count;

    /// <summary>The tables that have such facts.</summary>
    public IReadOnlyCollection<TableName> Tables => _places.Keys;

    /// <summary>Where a fact stands; null when that is not known.</summary>
    public SourceSpan? Of(TableName table, Row row) =>
        _places.TryGetValue(table, out var rows) && rows.TryGetValue(row, out var place) ? place : null;

    /// <summary>Notes the places of facts.</summary>
    public void Add(IEnumerable<(TableName Table, Row Row, SourceSpan Place)> facts)
    {
        foreach (var (table, row, place) in facts)
        {
            if (_count == MaxPlaces)
            {
                return;
            }

            if (!_places.TryGetValue(table, out var rows))
            {
                _places[table] = rows = [];
            }

            _count += rows.TryAdd(row, place) ? 1 : 0;
        }
    }

    /// <summary>Forgets rows that have gone.</summary>
    public void Remove(TableName table, IEnumerable<Row> rows)
    {
        if (_places.TryGetValue(table, out var places))
        {
            foreach (var row in rows)
            {
                _count -= places.Remove(row) ? 1 : 0;
            }
        }
    }
}
