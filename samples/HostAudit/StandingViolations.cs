using Congress.Data;
using Congress.Policies;

namespace HostAudit;

/// <summary>The violations that have been told and not cleared.</summary>
public sealed class StandingViolations
{
    private readonly Dictionary<(TableName, Row), Violation> _standing = [];

    /// <summary>The violations.</summary>
    public IReadOnlyCollection<Violation> All => _standing.Values;

    /// <summary>Takes an update over.</summary>
    /// <returns>The changes by it. A reader that fell behind is given all violations again; here that is turned into what
    /// came and went since those that are standing were told.</returns>
    public ViolationUpdate Take(ViolationUpdate update)
    {
        if (update.IsSnapshot)
        {
            var all = update.Appeared.Select(KeyOf).ToHashSet();
            update = new(update.Version, false, [.. update.Appeared.Where(v => !_standing.ContainsKey(KeyOf(v)))],
                [.. _standing.Where(v => !all.Contains(v.Key)).Select(v => v.Value)]);
        }

        foreach (var violation in update.Cleared)
        {
            _standing.Remove(KeyOf(violation));
        }

        foreach (var violation in update.Appeared)
        {
            _standing[KeyOf(violation)] = violation;
        }

        return update;
    }

    private static (TableName Table, Row Row) KeyOf(Violation violation) => (violation.Table, violation.Row);
}
