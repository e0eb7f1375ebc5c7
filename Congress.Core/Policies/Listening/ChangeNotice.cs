using Congress.Data;
using Congress.Datalog;
using Congress.Datalog.Answers;

namespace Congress.Policies.Listening;

/// <summary>What a change does, as values for those who listen; each part is made when the first of them asks.</summary>
/// <param name="engine">The engine before the commit.</param>
/// <param name="proposal">The change.</param>
/// <param name="request">The evaluation of what explains it.</param>
internal sealed class ChangeNotice(Engine engine, Proposal proposal, EvaluationRequest request)
{
    private readonly Dictionary<TableName, TableUpdate?> _tables = [];
    private readonly Lazy<View> _before = new(() => engine.Read(request));
    private readonly Lazy<View> _after = new(() => engine.Read(proposal, request));
    private TableName[]? _judging;
    private ViolationUpdate? _violations;
    private ActionUpdate? _actions;

    /// <summary>The version that the change makes.</summary>
    public long Version { get; } = engine.Version + 1;

    /// <summary>The changed tables whose rows are violations or calls of actions.</summary>
    private TableName[] Judging => _judging ??= [.. proposal.Changed
        .Where(t => (t.IsAction || t.Table is "error" or "warning") && (IsJudging(t.Policy, _before.Value) || IsJudging(t.Policy, _after.Value))).Order()];

    /// <summary>The violations that come and go.</summary>
    public ViolationUpdate Violations => _violations ??= new(Version, false,
        [.. Judging.Where(t => !t.IsAction).SelectMany(t => ViolationsOf(t, _after.Value.Justify(proposal, t, isInserted: true)))],
        [.. Judging.Where(t => !t.IsAction).SelectMany(t => ViolationsOf(t, _before.Value.Justify(proposal, t, isInserted: false)))]);

    /// <summary>Whether any violation may have come or gone; cheap to ask.</summary>
    public bool HasViolations => Array.Exists(Judging, t => !t.IsAction);

    /// <summary>The calls of actions that come and go.</summary>
    public ActionUpdate Actions => _actions ??= new(Version, false, true,
        [.. Judging.Where(t => t.IsAction).SelectMany(t => CallsOf(t, isInserted: true))],
        [.. Judging.Where(t => t.IsAction).SelectMany(t => CallsOf(t, isInserted: false))]);

    /// <summary>What the change does to a table; null when it leaves it as it is.</summary>
    public TableUpdate? Of(TableName table)
    {
        if (!_tables.TryGetValue(table, out var update))
        {
            update = _tables[table] = !proposal.Changes(table) ? null
                : new(table, Version, false, proposal.RowsOf(table, isInserted: true), proposal.RowsOf(table, isInserted: false));
        }

        return update;
    }

    /// <summary>The violations that rows of a table are.</summary>
    public static IEnumerable<Violation> ViolationsOf(TableName table, IEnumerable<Justification> rows) => rows.Select(j => new Violation(
        table, j.Row, j.Rule?.Annotations.Severity ?? table.Table, j.Message, j.Rule?.Annotations.Id, j.Rule?.Place ?? default, j.Body));

    private static bool IsJudging(string policy, View view) => view.Program.IsJudging(policy);

    private IEnumerable<ActionCall> CallsOf(TableName table, bool isInserted) => proposal.RowsOf(table, isInserted).Select(row => ActionCall.Of(table, row));
}
