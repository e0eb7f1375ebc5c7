namespace Congress.Transport.NetMQ;

/// <summary>What serves <c>tcp://</c> endpoints. Both engines speak ZMTP on the wire, so the two ends of a link may differ.</summary>
public enum SocketEngine
{
    /// <summary>The NetMQ package. It is not safe against malformed bytes, so keep strangers off its port.</summary>
    Package,

    /// <summary>The engine of this assembly, which also serves <c>tls://</c> and <c>unix://</c>.</summary>
    Managed,
}
