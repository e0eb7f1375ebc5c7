using System.Collections.Concurrent;
using Congress.Data;
using Congress.Datalog.Analysis;
using Congress.Datalog.Evaluation;
using Congress.Datalog.Programs;
using Congress.Datalog.Storage;

namespace Congress.Datalog.Maintenance;

/// <summary>A version: the program, all rows, the groups of aggregates, and the time for which they hold.</summary>
internal sealed class EngineState
{
    private const int SmallestIndexed = 64;   // smaller relations are as soon scanned
    private const int MaxIndexes = 16;        // of one relation, for readers; what rules need comes on top
    private const int MaxWishes = 64;

    private readonly ConcurrentQueue<(Relation Relation, int[] Columns)> _wishes = [];

    public Database Database { get; } = new();

    public PolicyProgram Program { get; set; } = new();

    /// <summary>The groups of the rules with aggregates whose tables are kept.</summary>
    public Dictionary<Rule, GroupTable> Groups { get; } = [];

    /// <summary>The components that change when the rows of a table do, in order; filled as it is asked for, and emptied when rules or demands change.</summary>
    public ConcurrentDictionary<TableName, AffectedComponent[]> ComponentsAfter { get; } = [];

    /// <summary>The time that the derived rows saw as <c>now</c>.</summary>
    public DateTimeOffset Now { get; set; }

    /// <summary>The number of commits so far.</summary>
    public long Version { get; set; }

    /// <summary>Whether readers have missed indexes since the last time.</summary>
    public bool HasWishes => !_wishes.IsEmpty;

    /// <summary>Remembers an index that a reader had to make for itself. Thread safe.</summary>
    public void Wish(Relation relation, int[] columns)
    {
        if (relation.Count >= SmallestIndexed && relation.Indexes < MaxIndexes && _wishes.Count < MaxWishes)
        {
            _wishes.Enqueue((relation, columns));
        }
    }

    /// <summary>Makes the indexes that readers have missed. For the writer only.</summary>
    public void GrantWishes()
    {
        while (_wishes.TryDequeue(out var wish))
        {
            wish.Relation.IndexOn(wish.Columns);
        }
    }
}

/// <summary>The next version, worked out beside the present one.</summary>
/// <param name="Program">The program as it will be.</param>
/// <param name="Rows">What changes in the tables.</param>
/// <param name="Now">The time that the derived rows see.</param>
internal sealed record StateChange(PolicyProgram Program, DatabaseChange Rows, DateTimeOffset Now)
{
    /// <summary>The groups that change, by rule; a rule's whole table of groups where it was computed anew.</summary>
    public Dictionary<Rule, (GroupTable Groups, bool IsNew)> Groups { get; } = [];

    /// <summary>The rules whose groups are no longer kept.</summary>
    public List<Rule> GoneRules { get; } = [];

    /// <summary>Puts the change into effect. It only moves what has been worked out, so it cannot fail half way.</summary>
    public void CommitTo(EngineState state)
    {
        var kept = state.Database.Derived.Count;
        Rows.ReserveIn(state.Database);   // what may run out of memory comes first
        Rows.CommitTo(state.Database);
        foreach (var (rule, (groups, isNew)) in Groups)
        {
            if (isNew)
            {
                state.Groups[rule] = groups;
            }
            else
            {
                state.Groups[rule].Commit(groups);
            }
        }

        foreach (var rule in GoneRules)
        {
            state.Groups.Remove(rule);
        }

        if (!ReferenceEquals(state.Program, Program) || state.Database.Derived.Count != kept || Rows.Forgotten.Count > 0)
        {
            state.ComponentsAfter.Clear();
        }

        (state.Program, state.Now) = (Program, Now);
        state.Version++;
    }
}
