namespace Congress.Policies.Enforcement;

/// <summary>The policy engine whose actions are carried out, as far as that must know it.</summary>
public interface IEnforcedEngine
{
    /// <summary>Follows the calls that rules ask for, to learn when there may be something to do. It ends with the engine's life; null: there is no engine at the
    /// moment.</summary>
    IAsyncEnumerable<ActionUpdate>? WatchActions(CancellationToken cancellationToken);

    /// <summary>The calls that rules ask for, all from one state; null when there is no engine, or its rules are being changed.</summary>
    /// <param name="known">What is known already: when that is still so, it is the answer.</param>
    RequestedActions? ReadActions(RequestedActions? known);

    /// <summary>The rules that ask for a call, as texts; and the number of rows of the largest table that they read.</summary>
    (string Cause, long LargestTable) Explain(ActionCall call);

    /// <summary>What a call would bring about that it should not, by the effects that a policy of kind action describes; null when nothing is foreseen.</summary>
    Foresight? Foresee(ActionCall call, CancellationToken cancellationToken);
}

/// <summary>The calls that rules ask for.</summary>
/// <param name="Mark">Tells one state from another.</param>
/// <param name="Calls">The calls on whose being there one can rely.</param>
/// <param name="Unknown">The actions of which nothing can be said yet, as a table of a datasource that rules read for them has not been heard: policy, service, action.</param>
public sealed record RequestedActions(object Mark, IReadOnlySet<ActionCall> Calls, IReadOnlySet<(string Policy, string Service, string Action)> Unknown)
{
    /// <summary>Whether it can be said that no rule asks for a call.</summary>
    public bool IsGone(ActionCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        return !Calls.Contains(call) && !Unknown.Contains((call.Policy, call.Service, call.Action));
    }
}
