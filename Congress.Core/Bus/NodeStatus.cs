using Congress.Bus.Protocol;
using Congress.Data;

namespace Congress.Bus;

/// <summary>How a node is doing: what it hosts, follows and sees.</summary>
public sealed record NodeStatus(
    NodeIdentity Node, IReadOnlyList<ServiceStatus> Services, IReadOnlyList<PublishedTableStatus> Published,
    IReadOnlyList<SubscriptionStatus> Subscriptions, IReadOnlyList<PeerStatus> Peers, int PendingCalls, int RunningCalls);

/// <summary>A service of a node.</summary>
/// <param name="Name">Its name.</param>
/// <param name="State">What it is doing.</param>
/// <param name="Starts">How often it has been started.</param>
/// <param name="Failures">How often it failed.</param>
/// <param name="LastFailure">What the last failure said, or null.</param>
public sealed record ServiceStatus(string Name, ServiceState State, int Starts, int Failures, string? LastFailure);

/// <summary>What a service is doing.</summary>
public enum ServiceState
{
    /// <summary>Nothing; it has not been started, or was stopped.</summary>
    Stopped,

    /// <summary>It waits for its lease, which another node holds.</summary>
    Standby,

    /// <summary>It runs.</summary>
    Running,

    /// <summary>It has failed and waits for its next start.</summary>
    Failed,
}

/// <summary>A table that a service of the node publishes.</summary>
public sealed record PublishedTableStatus(TableName Table, TableVersion Version, int Rows, int Subscribers);

/// <summary>A table that the node follows.</summary>
/// <param name="Table">The table.</param>
/// <param name="Version">The state that is here; sequence 0 before the first.</param>
/// <param name="IsFresh">Whether it is current as far as heartbeats tell.</param>
/// <param name="Reason">Why it is not.</param>
/// <param name="Waiting">The events that wait to be read.</param>
public sealed record SubscriptionStatus(TableName Table, TableVersion Version, bool IsFresh, string Reason, int Waiting);

/// <summary>Another node.</summary>
public sealed record PeerStatus(NodeIdentity Node, PeerHealth Health, string Reason, TimeSpan SinceHeard, IReadOnlyList<ServiceInstance> Services);

/// <summary>A service as the directory has it.</summary>
/// <param name="Service">Its name.</param>
/// <param name="Node">Where it runs.</param>
/// <param name="IsActive">Whether it can be called and publishes; otherwise it stands by or starts again.</param>
/// <param name="Tables">The tables it says it publishes.</param>
/// <param name="Methods">The methods it answers.</param>
public sealed record ServiceInstance(string Service, NodeId Node, bool IsActive, IReadOnlyList<string> Tables, IReadOnlyList<string> Methods);

/// <summary>A peer came, went, or is not heard.</summary>
/// <param name="Node">The peer.</param>
/// <param name="Health">How it is now.</param>
/// <param name="Reason">Why.</param>
public sealed record PeerEvent(NodeIdentity Node, PeerHealth Health, string Reason);
