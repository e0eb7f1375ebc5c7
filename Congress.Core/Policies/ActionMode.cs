namespace Congress.Policies;

/// <summary>What an engine does with the calls of actions that its rules ask for.</summary>
public enum ActionMode
{
    /// <summary>They are only told to whoever watches them.</summary>
    DryRun,

    /// <summary>The handlers that are registered for them are called as well, once for each new occurrence.</summary>
    Enforce,
}
