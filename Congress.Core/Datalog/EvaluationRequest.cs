using Congress.Datalog.Analysis;
using Congress.Datalog.Evaluation;
using Congress.Datalog.Planning;

namespace Congress.Datalog;

/// <summary>What a shell brings to an evaluation: the time, the way to stop it, and whether to watch it.</summary>
/// <param name="Now">The local time for <c>now</c>.</param>
/// <param name="CancellationToken">Stops the evaluation between two blocks.</param>
internal sealed record EvaluationRequest(DateTimeOffset Now, CancellationToken CancellationToken)
{
    /// <summary>Gives timestamps to measure steps with; null not to measure.</summary>
    public Func<long>? Clock { get; init; }

    /// <summary>Called for each plan that was executed.</summary>
    public Action<Component, Plan, Pipeline>? OnExecuted { get; init; }
}
