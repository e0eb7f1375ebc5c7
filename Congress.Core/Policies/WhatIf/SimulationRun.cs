using Congress.Data;
using Congress.Datalog;
using Congress.Datalog.Answers;
using Congress.Datalog.Programs;
using Congress.Datalog.Syntax;
using Congress.Diagnostics;
using Congress.Policies.Listening;

namespace Congress.Policies.WhatIf;

/// <summary>One run of a what-if, over one version.</summary>
/// <remarks>All changes so far make one transaction, which is never committed. What an action does is asked of another one,
/// with the same changes and the action among its facts.</remarks>
internal sealed partial class SimulationRun(Engine engine, EvaluationRequest request, string defaultPolicy)
{
    private readonly Transaction _transaction = engine.Suppose();
    private readonly List<Action<Transaction>> _changes = [];
    private IReadOnlyList<(TableName Table, Row Row)> _results = [];

    public void Change(string table, Row row, bool isInsert)
    {
        var name = TableName.Parse(table, defaultPolicy);
        Apply(transaction => transaction.Change(name, row.AsSpan(), isInsert));
    }

    public void Define(string? policy, IReadOnlyList<Statement> statements) => Apply(transaction =>
    {
        transaction.Announce(policy ?? defaultPolicy, statements);
        transaction.Define(policy ?? defaultPolicy, statements);
    });

    public void Delete(string? policy, IReadOnlyList<Statement> statements) =>
        Apply(transaction => transaction.Delete(policy ?? defaultPolicy, statements));

    public void Apply(PolicyBatch batch) => Apply(transaction => batch.ApplyTo(transaction, defaultPolicy, request.CancellationToken));

    /// <summary>Goes through statements, each a change or an action.</summary>
    public void Do(IReadOnlyList<Statement> statements, string? actionPolicy, string? policy, bool allowsUpdates)
    {
        foreach (var statement in statements)
        {
            request.CancellationToken.ThrowIfCancellationRequested();
            if (statement is not Formula formula)
            {
                throw Wrong(statement.Span, $"{statement} is neither an action nor a change", "write p+(1) or p-(x) :- q(x) for a change");
            }

            if (formula.Head.IsUpdate && allowsUpdates)
            {
                Update(formula, policy ?? defaultPolicy);
            }
            else
            {
                Act(formula, ActionPolicy(actionPolicy, formula), policy ?? defaultPolicy);
            }
        }
    }

    /// <summary>The version that has come about, for questions.</summary>
    public View Read() => engine.Read(Propose(_transaction), request);

    /// <summary>What has come about.</summary>
    /// <param name="query">A query to answer before and after; null for none.</param>
    /// <param name="policy">The policy that it is asked in.</param>
    public SimulationResult Finish(Formula? query, string policy)
    {
        var proposal = Propose(_transaction);
        var notice = new ChangeNotice(engine, proposal, request);
        var result = new SimulationResult(notice.Violations.Appeared, notice.Violations.Cleared, notice.Actions.Requested, proposal.Diagnostics);
        if (query is null)
        {
            return result;
        }

        if (_transaction.KindOf(policy) is null)
        {
            throw new PolicyException(Diagnostic.Error(DiagnosticCode.BadPolicy, query.Span, $"there is no policy {policy}",
                Spelling.Closest(policy, _transaction.Policies) is { } near ? $"did you mean {near}?" : null));
        }

        var after = Sorted(engine.Read(proposal, request).Query(query, policy));
        var before = engine.Program.Policies.ContainsKey(policy) ? Sorted(engine.Read(request).Query(query, policy)) : [];
        return result with { Answers = after, Delta = SimulationResult.Compare(before, after) };
    }

    private static string[] Sorted(QueryAnswer answer) => [.. answer.Instances.Value.Order(StringComparer.Ordinal)];

    private void Apply(Action<Transaction> change)
    {
        change(_transaction);
        if (_transaction.HasErrors)
        {
            throw new PolicyException(_transaction.Diagnostics);
        }

        _changes.Add(change);
    }

    private Proposal Propose(Transaction transaction) =>
        engine.ProposeWhatIf(transaction, request) is { IsPermitted: true } proposal ? proposal : throw new PolicyException(transaction.Diagnostics);

    /// <summary>Inserts or deletes what stands under a head with a sign: a row, or a rule.</summary>
    private void Update(Formula formula, string policy)
    {
        var head = formula.Head;
        var target = head.Policy ?? policy;
        var plain = formula with
        {
            Heads = new([.. formula.Heads.Select(h => h with { Atom = h.Atom with { Policy = null, Table = h.Atom.Table[..^1] } })]),
        };
        if (head.Table[^1] == '+')
        {
            Define(target, [plain]);
        }
        else
        {
            Delete(target, [plain]);
        }
    }

    /// <summary>The policy that describes actions: the one that is named, else the only one there is.</summary>
    private string ActionPolicy(string? name, Formula formula)
    {
        var all = engine.Program.Policies.Values.Where(p => name is null ? p.Kind == PolicyKind.Action : p.Name == name).Select(p => p.Name).ToArray();
        return all.Length == 1 ? all[0]
            : throw Wrong(formula.Span, name is not null ? $"there is no policy {name}"
                : all.Length == 0 ? $"{formula.Head.FullName} is no change, and no policy of kind action describes it"
                : $"several policies describe actions: {string.Join(", ", all.Order(StringComparer.Ordinal))}",
                name is null ? "write p+(1) or p-(1) for a change, or name the policy that describes the action"
                : Spelling.Closest(name, engine.Program.Policies.Keys) is { } near ? $"did you mean {near}?" : null);
    }

    private static PolicyException Wrong(SourceSpan span, string message, string? hint = null) =>
        new(Diagnostic.Error(DiagnosticCode.BadSimulation, span, message, hint));
}
