namespace Congress.Datasources.Drivers.Peer;

/// <summary>How a <see cref="PeerDriver"/> asks another Congress.</summary>
public sealed record PeerOptions
{
    /// <summary>The address of the other's API, without <c>/v1</c>.</summary>
    public required Uri Url { get; init; }

    /// <summary>What it knows us by; null for nothing.</summary>
    public string? Token { get; init; }

    /// <summary>The header that has the token.</summary>
    public string TokenHeader { get; init; } = "X-Auth-Token";

    /// <summary>How long it may take to answer.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The longest answer.</summary>
    public int MaxBytes { get; init; } = 64 << 20;

    /// <summary>The most rows of a table.</summary>
    public int MaxRows { get; init; } = 1_000_000;

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
