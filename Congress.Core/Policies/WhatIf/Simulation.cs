using Congress.Data;
using Congress.Datalog.Syntax;
using Congress.Diagnostics;

namespace Congress.Policies.WhatIf;

/// <summary>A what-if: changes and actions, in order, whose consequences are worked out beside the engine's state and dropped.</summary>
/// <remarks>It starts from the version that the engine has when it runs, and leaves no trace. It can run any number of times.</remarks>
public sealed class Simulation
{
    private readonly List<Action<SimulationRun>> _steps = [];
    private readonly List<Diagnostic> _syntax = [];
    private readonly Func<Simulation, string?, string?, CancellationToken, SimulationResult> _run;

    internal Simulation(Func<Simulation, string?, string?, CancellationToken, SimulationResult> run) => _run = run;

    /// <summary>Inserts a row.</summary>
    /// <param name="table">The table: <c>policy:table</c>, or <c>table</c> in the default policy.</param>
    /// <param name="row">The values in column order.</param>
    public Simulation Insert(string table, params ReadOnlySpan<Value> row) => Change(table, new Row(row), isInsert: true);

    /// <summary>Deletes a row; one that is not there changes nothing.</summary>
    /// <param name="table">The table: <c>policy:table</c>, or <c>table</c> in the default policy.</param>
    /// <param name="row">The values in column order.</param>
    public Simulation Delete(string table, params ReadOnlySpan<Value> row) => Change(table, new Row(row), isInsert: false);

    /// <summary>Inserts the rules, facts and declarations of a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="policy">The policy that they go into; null for the default one.</param>
    public Simulation AddRule(string text, string? policy = null)
    {
        var statements = Parse(text);
        return Add(run => run.Define(policy, statements));
    }

    /// <summary>Deletes the rules, facts and declarations of a text; one that is not there changes nothing.</summary>
    /// <param name="text">The text. A rule is known by its head and conditions, whatever their order.</param>
    /// <param name="policy">The policy that holds them; null for the default one.</param>
    public Simulation RemoveRule(string text, string? policy = null)
    {
        var statements = Parse(text);
        return Add(run => run.Delete(policy, statements));
    }

    /// <summary>Makes the changes of a batch.</summary>
    public Simulation Apply(PolicyBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        _syntax.AddRange(batch.SyntaxFindings);
        return Add(run => run.Apply(batch));
    }

    /// <summary>Does actions as an action policy describes them: <c>disconnect("vm-1", "net-b")</c>, or for each binding of a
    /// condition, <c>disconnect(vm, net) :- error(vm, net)</c>.</summary>
    /// <param name="actions">The actions. More heads of a rule are supporting facts for its action.</param>
    /// <param name="actionPolicy">The policy that describes them; null for the only one of kind action.</param>
    /// <param name="policy">The policy that they change and in which conditions are asked; null for the default one.</param>
    /// <param name="source">The name of the text in messages, such as a path; null for <c>simulation</c>.</param>
    public Simulation Do(string actions, string? actionPolicy = null, string? policy = null, string? source = null)
    {
        var statements = Parse(actions, source);
        return Add(run => run.Do(statements, actionPolicy, policy, allowsUpdates: false));
    }

    /// <summary>Goes through a sequence as OpenStack Congress has them: changes of rows, <c>p+(1)</c>, and of rules,
    /// <c>p-(x) :- q(x)</c>, and actions as in <see cref="Do"/>, whose <c>result</c> rows the conditions of later ones can use.</summary>
    /// <param name="sequence">The statements.</param>
    /// <param name="actionPolicy">The policy that describes the actions; null for the only one of kind action.</param>
    /// <param name="policy">The policy that is changed where a statement names none; null for the default one.</param>
    /// <param name="source">The name of the text in messages, such as a path; null for <c>simulation</c>.</param>
    public Simulation Sequence(string sequence, string? actionPolicy = null, string? policy = null, string? source = null)
    {
        var statements = Parse(sequence, source);
        return Add(run => run.Do(statements, actionPolicy, policy, allowsUpdates: true));
    }

    /// <summary>Works out what would be: the violations that would appear and clear, and the actions that would be called.</summary>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="PolicyException">A step is wrong, or the evaluation failed.</exception>
    public SimulationResult Run(CancellationToken cancellationToken = default) => _run(this, null, null, cancellationToken);

    /// <summary>Works out what would be, and answers a query before and after.</summary>
    /// <param name="query">The query.</param>
    /// <param name="policy">The policy that it is asked in; null for the default one.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="PolicyException">A step or the query is wrong, or the evaluation failed.</exception>
    public SimulationResult Run(string query, string? policy = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        return _run(this, query, policy, cancellationToken);
    }

    internal void ApplyTo(SimulationRun run)
    {
        if (_syntax.Exists(d => d.Severity == DiagnosticSeverity.Error))
        {
            throw new PolicyException(_syntax);
        }

        foreach (var step in _steps)
        {
            step(run);
        }
    }

    private Simulation Change(string table, Row row, bool isInsert)
    {
        ArgumentException.ThrowIfNullOrEmpty(table);
        return Add(run => run.Change(table, row, isInsert));
    }

    private Simulation Add(Action<SimulationRun> step)
    {
        _steps.Add(step);
        return this;
    }

    private IReadOnlyList<Statement> Parse(string text, string? source = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        var parsed = Parser.Parse(text, source ?? "simulation");
        _syntax.AddRange(parsed.Diagnostics);
        return parsed.Statements;
    }
}
