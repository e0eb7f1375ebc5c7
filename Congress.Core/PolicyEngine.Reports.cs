using Congress.Data;
using Congress.Diagnostics;
using Congress.Policies;

namespace Congress;

/// <summary>What an engine tells of itself: its tables, how they depend on each other, and how they are evaluated.</summary>
public sealed partial class PolicyEngine
{
    /// <summary>How the tables of all rules depend on each other, those of rules that wait included.</summary>
    public TableGraph Dependencies
    {
        get
        {
            lock (_lock)
            {
                return TableGraphBuilder.Of(_engine);
            }
        }
    }

    /// <summary>Reads a table: the rows it has now, facts and derived, in no order, undisturbed by later changes.</summary>
    /// <param name="table">The table, or the calls of an action.</param>
    /// <param name="cancellationToken">Stops the evaluation.</param>
    /// <exception cref="PolicyException">The evaluation went over a limit, or a builtin of the user failed.</exception>
    public RowReader Read(TableName table, CancellationToken cancellationToken = default)
    {
        lock (_lock)
        {
            return new TableReader(_engine, _engine.RowsOf(table, Request(cancellationToken)));
        }
    }

    /// <summary>The number of rows that a table has now, facts and derived.</summary>
    /// <param name="table">The table, or the calls of an action.</param>
    /// <param name="cancellationToken">Stops the evaluation.</param>
    /// <exception cref="PolicyException">The evaluation went over a limit, or a builtin of the user failed.</exception>
    public long Count(TableName table, CancellationToken cancellationToken = default)
    {
        lock (_lock)
        {
            return _engine.RowsOf(table, Request(cancellationToken))?.Count ?? 0;
        }
    }

    /// <summary>Tells how all rules would be evaluated with the rows there are, without evaluating them.</summary>
    public PlanReport Explain()
    {
        lock (_lock)
        {
            var reporter = new PlanReporter(_engine);
            foreach (var (component, plan) in _engine.Plans())
            {
                reporter.Add(component, plan);
            }

            return reporter.Report(elapsed: null, rows: null);
        }
    }

    /// <summary>Evaluates all rules anew and tells how that was done: what each step gave, and how long it took.</summary>
    /// <param name="cancellationToken">Stops the evaluation.</param>
    /// <exception cref="PolicyException">The evaluation went over a limit, or a builtin of the user failed.</exception>
    public PlanReport Profile(CancellationToken cancellationToken = default)
    {
        lock (_lock)
        {
            var (time, reporter) = (_options.TimeProvider, new PlanReporter(_engine));
            var request = Request(cancellationToken) with { Clock = time.GetTimestamp, OnExecuted = reporter.Add };
            _engine.EvaluateAnew(request);
            return reporter.Report(ticks => time.GetElapsedTime(0, ticks), table => _engine.RowsOf(table, request)?.Count ?? 0);
        }
    }
}
