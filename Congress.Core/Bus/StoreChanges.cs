namespace Congress.Bus;

/// <summary>How services tell each other that what they share in a store has changed.</summary>
public static class StoreChanges
{
    /// <summary>Has a service take over now what it would find at its next look. Argument and answer say nothing.</summary>
    public static ServiceMethod<bool, bool> CatchUp { get; } = new("catch-up", SimpleJson.Boolean, SimpleJson.Boolean);
}
