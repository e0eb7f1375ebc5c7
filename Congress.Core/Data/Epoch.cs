namespace Congress.Data;

/// <summary>One life of a publisher: sequence numbers count within it, and nothing of another epoch can be applied to its rows.</summary>
/// <param name="Fence">The fencing token of the lease that the publisher holds, 0 without one. A lower one has lost its lease.</param>
/// <param name="Incarnation">The process.</param>
/// <param name="Start">Which start of the service in that process, from 1.</param>
public readonly record struct Epoch(ulong Fence, ulong Incarnation, uint Start)
{
    /// <summary>No epoch: what a subscriber has that knows nothing yet.</summary>
    public static Epoch None => default;

    /// <inheritdoc/>
    public override string ToString() => $"{Incarnation:x16}.{Start}" + (Fence > 0 ? $"/{Fence}" : "");
}
