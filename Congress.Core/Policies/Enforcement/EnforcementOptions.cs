namespace Congress.Policies.Enforcement;

/// <summary>What becomes of an action that a rule asks for.</summary>
public enum EnforcementMode
{
    /// <summary>It is noted only.</summary>
    DryRun,

    /// <summary>Nothing: it is not even noted.</summary>
    Off,

    /// <summary>It waits until somebody approves it.</summary>
    Approval,

    /// <summary>It is carried out.</summary>
    Enforce,
}

/// <summary>How actions are carried out.</summary>
public sealed record EnforcementOptions
{
    /// <summary>What becomes of actions.</summary>
    public EnforcementMode Mode { get; init; }

    /// <summary>What becomes of some, by name, such as <c>nova:pause</c>.</summary>
    public IReadOnlyDictionary<string, EnforcementMode> Modes { get; init; } = new Dictionary<string, EnforcementMode>(StringComparer.Ordinal);

    /// <summary>The most new calls within <see cref="GuardTime"/>: of a cycle that would go beyond it nothing is carried out.</summary>
    public int GuardCalls { get; init; } = 100;

    /// <summary>The largest part of the rows of the largest table that the rules read; of a cycle with more than <see cref="GuardFrom"/> calls that would go beyond it
    /// nothing is carried out.</summary>
    public double GuardPart { get; init; } = 0.5;

    /// <summary>Up to how many calls of a cycle the part does not matter.</summary>
    public int GuardFrom { get; init; } = 10;

    /// <summary>Over which time calls are counted.</summary>
    public TimeSpan GuardTime { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How often within <see cref="GuardTime"/> one call may be asked for anew; more often looks like an action that brings its own condition back, and is held.</summary>
    public int LoopCalls { get; init; } = 5;

    /// <summary>How long one attempt may take.</summary>
    public TimeSpan CallTime { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>For how long calls that may be repeated are repeated.</summary>
    public TimeSpan RetryTime { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>The most calls at a time.</summary>
    public int Workers { get; init; } = 8;

    /// <summary>How often it is looked whether there is something to do, besides when rows change.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>What becomes of an action.</summary>
    public EnforcementMode ModeOf(ActionCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        return Modes.TryGetValue(call.Name, out var mode) ? mode : Mode;
    }
}
