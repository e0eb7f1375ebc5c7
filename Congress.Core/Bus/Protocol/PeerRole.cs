namespace Congress.Bus.Protocol;

/// <summary>What a peer may do with the services of the bus.</summary>
/// <param name="Publish">The services that the peer may host: what it says of others is not believed.</param>
/// <param name="Call">The services of this node that the peer may call.</param>
/// <param name="Subscribe">The services of this node whose tables the peer may follow.</param>
/// <remarks>Each is a list of service names; <c>*</c> alone means all, and a name that ends in <c>*</c> all that begin so.</remarks>
public sealed record PeerRole(IReadOnlyList<string> Publish, IReadOnlyList<string> Call, IReadOnlyList<string> Subscribe)
{
    private static readonly string[] All = ["*"];

    /// <summary>A peer that may do everything: each one on a transport without keys.</summary>
    public static PeerRole Unrestricted { get; } = new(All, All, All);

    /// <summary>Whether the peer may host a service.</summary>
    public bool MayPublish(string service) => Matches(Publish, service);

    /// <summary>Whether the peer may call a service.</summary>
    public bool MayCall(string service) => Matches(Call, service);

    /// <summary>Whether the peer may follow the tables of a service.</summary>
    public bool MaySubscribe(string service) => Matches(Subscribe, service);

    private static bool Matches(IReadOnlyList<string> patterns, string service) => patterns.Any(pattern =>
        pattern.EndsWith('*') ? service.StartsWith(pattern[..^1], StringComparison.Ordinal) : string.Equals(pattern, service, StringComparison.Ordinal));
}
