using Congress.Bus.Protocol;
using Congress.Data;
using Microsoft.Extensions.Logging;

namespace Congress.Bus;

/// <summary>What nodes log.</summary>
internal static partial class BusLog
{
    private static readonly Action<ILogger, NodeId, NodeIdentity, PeerHealth, string, Exception?> PeerChangedMessage =
        LoggerMessage.Define<NodeId, NodeIdentity, PeerHealth, string>(LogLevel.Information, new(1, "PeerChanged"), "Node {Node}: peer {Peer} is {Health}: {Reason}");

    private static readonly Action<ILogger, NodeId, NodeId, string, Exception?> RefusedMessage =
        LoggerMessage.Define<NodeId, NodeId, string>(LogLevel.Warning, new(2, "Refused"), "Node {Node}: peer {Peer} refuses it: {Reason}");

    private static readonly Action<ILogger, NodeId, TableName, TableVersion, Exception?> DivergedMessage =
        LoggerMessage.Define<NodeId, TableName, TableVersion>(LogLevel.Error, new(3, "Diverged"), "Node {Node}: table {Table} at {Version} is not what its publisher has; it is asked for anew");

    private static readonly Action<ILogger, NodeId, string, string, TimeSpan, Exception?> ServiceFailedMessage =
        LoggerMessage.Define<NodeId, string, string, TimeSpan>(LogLevel.Error, new(4, "ServiceFailed"), "Node {Node}: service {Service} failed ({Reason}); it starts again in {Backoff}");

    private static readonly Action<ILogger, NodeId, string, ServiceState, Exception?> ServiceStateMessage =
        LoggerMessage.Define<NodeId, string, ServiceState>(LogLevel.Information, new(5, "ServiceState"), "Node {Node}: service {Service} is {State}");

    public static void PeerChanged(ILogger logger, NodeId node, NodeIdentity peer, PeerHealth health, string reason) => PeerChangedMessage(logger, node, peer, health, reason, null);

    public static void Refused(ILogger logger, NodeId node, NodeId peer, string reason) => RefusedMessage(logger, node, peer, reason, null);

    public static void Diverged(ILogger logger, NodeId node, TableName table, TableVersion version) => DivergedMessage(logger, node, table, version, null);

    public static void ServiceFailed(ILogger logger, NodeId node, string service, string reason, TimeSpan backoff, Exception? exception) =>
        ServiceFailedMessage(logger, node, service, reason, backoff, exception);

    public static void ServiceIs(ILogger logger, NodeId node, string service, ServiceState state) => ServiceStateMessage(logger, node, service, state, null);
}
