using System.Collections.Immutable;
using Congress.Data;
using Congress.Datalog.Answers;
using Congress.Datalog.Syntax;
using Congress.Diagnostics;
using Congress.Policies;
using Congress.Policies.Enforcement;

namespace Congress;

/// <summary>What those must know of the engine who carry out its actions.</summary>
public sealed partial class PolicyEngineService : IEnforcedEngine
{
    private volatile ActionSources? _actionSources;   // of the rules as they are; null when they have changed
    private volatile Hearing _hearing = new([], []);
    private volatile bool _areRulesChanging = true;   // and it is not settled yet which tables they read

    /// <inheritdoc/>
    IAsyncEnumerable<ActionUpdate>? IEnforcedEngine.WatchActions(CancellationToken cancellationToken) => _engine?.WatchActions(cancellationToken);

    /// <inheritdoc/>
    RequestedActions? IEnforcedEngine.ReadActions(RequestedActions? known)
    {
        // What has been heard is asked before the rows are: so the rows are at least as new.
        var (engine, hearing) = (_engine, _hearing);
        if (engine is null || _areRulesChanging)
        {
            return null;
        }

        var mark = (engine, engine.Version, hearing);
        if (known is not null && mark.Equals(known.Mark))
        {
            return known;
        }

        var (calls, unknown) = (new HashSet<ActionCall>(), new HashSet<(string, string, string)>());
        foreach (var table in engine.DerivedTables.Where(t => t.IsAction))
        {
            if (SourcesOf(table).All(t => !hearing.Datasources.Contains(t.Policy) || hearing.Heard.Contains(t)))
            {
                calls.UnionWith(RowsOf(table).Select(row => ActionCall.Of(table, row)));
            }
            else
            {
                var action = ActionCall.Of(table, Row.Empty);
                unknown.Add((action.Policy, action.Service, action.Action));
            }
        }

        return _areRulesChanging || _engine != engine ? null : new(mark, calls, unknown);
    }

    /// <inheritdoc/>
    (string Cause, long LargestTable) IEnforcedEngine.Explain(ActionCall call)
    {
        var engine = _engine!;
        var rules = engine.Rules.Where(r => r.Policy == call.Policy && r.State == RuleState.Active
            && Parser.Parse(r.Text, null).Statements is [Formula { Head: { Modal: Modal.Execute } head }] && (head.Policy ?? call.Policy) == call.Service && head.Table == call.Action);
        return (string.Join("\n", rules.Select(r => r.Text)), SourcesOf(TableOf(call)).Select(t => engine.Count(t)).DefaultIfEmpty(0).Max());
    }

    /// <inheritdoc/>
    Foresight? IEnforcedEngine.Foresee(ActionCall call, CancellationToken cancellationToken)
    {
        try
        {
            return _engine?.Foresee(call, cancellationToken);
        }
        catch (PolicyException)
        {
            return null;   // effects that cannot be worked out are as good as not described
        }
    }

    private static TableName TableOf(ActionCall call) => new(call.Policy, call.Service == call.Policy ? call.Action : $"{call.Service}:{call.Action}", IsAction: true);

    /// <summary>The tables that no rule derives and that rules read for the calls of a table.</summary>
    private IReadOnlyCollection<TableName> SourcesOf(TableName table)
    {
        var sources = _actionSources ??= new(_engine!.Dependencies);
        return sources.Of(table);
    }

    /// <summary>Notes which of the tables that are followed have been heard.</summary>
    private void NoteHeard() => _hearing = new([.. _datasources], [.. _followed.Where(f => f.Value.Replica.Version is not null && !_waitingTables.Contains(f.Key)).Select(f => f.Key)]);

    /// <param name="Datasources">The datasources that there are.</param>
    /// <param name="Heard">Their tables whose rows the engine has.</param>
    private sealed record Hearing(ImmutableHashSet<string> Datasources, ImmutableHashSet<TableName> Heard);

    /// <summary>The sources of tables in a graph that does not change.</summary>
    private sealed class ActionSources(TableGraph graph)
    {
        private readonly ILookup<TableName, TableName> _reads = graph.Edges.ToLookup(e => e.To, e => e.From);
        private readonly HashSet<TableName> _sources = [.. graph.Tables.Where(t => t.Role == TableRole.Source).Select(t => t.Table)];
        private readonly System.Collections.Concurrent.ConcurrentDictionary<TableName, IReadOnlyCollection<TableName>> _known = new();

        public IReadOnlyCollection<TableName> Of(TableName table) => _known.GetOrAdd(table, Find);

        private HashSet<TableName> Find(TableName table)
        {
            var (seen, open) = (new HashSet<TableName> { table }, new Queue<TableName>([table]));
            while (open.TryDequeue(out var next))
            {
                foreach (var read in _reads[next].Where(seen.Add))
                {
                    open.Enqueue(read);
                }
            }

            seen.IntersectWith(_sources);
            return seen;
        }
    }
}
