using Congress.Data;
using Congress.Datalog.Answers;
using Congress.Diagnostics;
using Congress.Policies.Linting;

namespace Congress;

/// <summary>What an engine tells of itself: its tables, how they depend on each other, and how they are evaluated.</summary>
public sealed partial class PolicyEngine
{
    /// <summary>How the tables of all rules depend on each other, those of rules that wait included.</summary>
    public TableGraph Dependencies => Read(view => view.Dependencies);

    /// <summary>Reads a table: the rows it has now, facts and derived, in no order, undisturbed by later changes.</summary>
    /// <param name="table">The table, or the calls of an action.</param>
    /// <param name="cancellationToken">Stops the evaluation.</param>
    /// <exception cref="PolicyException">The evaluation went over a limit, or a builtin of the user failed.</exception>
    public RowReader Read(TableName table, CancellationToken cancellationToken = default) =>
        Read(view => _engine.Read(table, view), cancellationToken);

    /// <summary>The number of rows that a table has now, facts and derived.</summary>
    /// <param name="table">The table, or the calls of an action.</param>
    /// <param name="cancellationToken">Stops the evaluation.</param>
    /// <exception cref="PolicyException">The evaluation went over a limit, or a builtin of the user failed.</exception>
    public long Count(TableName table, CancellationToken cancellationToken = default) =>
        Read(view => view.Count(table), cancellationToken);

    /// <summary>The columns of a table; null when nothing declares them.</summary>
    public TableSchema? SchemaOf(TableName table) => Read(view => view.Program.SchemaOf(table));

    /// <summary>Looks for what is permitted and probably not meant: conditions that exclude each other, variables that are used once, tables that nothing reads or joins,
    /// rules that say the same.</summary>
    /// <returns>Warnings with codes from 701 on, in the order of the texts.</returns>
    public IReadOnlyList<Diagnostic> Lint() => Read(view => Linter.Run(view, _engine.PlaceOf));

    /// <summary>Tells how all rules would be evaluated with the rows there are, without evaluating them.</summary>
    public PlanReport Explain() => Read(view => view.Explain());

    /// <summary>Evaluates all rules anew and tells how that was done: what each step gave, and how long it took.</summary>
    /// <param name="cancellationToken">Stops the evaluation.</param>
    /// <exception cref="PolicyException">The evaluation went over a limit, or a builtin of the user failed.</exception>
    public PlanReport Profile(CancellationToken cancellationToken = default)
    {
        var time = _options.TimeProvider;
        return Read(_ => _engine.Profile(Request(cancellationToken) with { Clock = time.GetTimestamp }, ticks => time.GetElapsedTime(0, ticks)), cancellationToken);
    }
}
