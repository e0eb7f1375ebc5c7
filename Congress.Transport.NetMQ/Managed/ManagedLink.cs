using Congress.Bus;
using Congress.Bus.Protocol;
using Congress.Data;

namespace Congress.Transport.NetMQ.Managed;

/// <summary>A link over a connection of the managed engine. Its connection's reading loop alone tells of it, so that the node hears one thing after the other.</summary>
internal sealed class ManagedLink(ManagedConnection connection, NodeIdentity peer, PeerRole role, string address) : IBusLink
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isDown;

    public NodeIdentity Peer => peer;

    public PeerRole Role => role;

    public string Address => address;

    /// <summary>Ends when the node has been told that the link is down.</summary>
    public Task Ended => _ended.Task;

    public bool TrySend(Frame frame)
    {
        ArgumentNullException.ThrowIfNull(frame);
        return !_isDown && connection.TrySend(frame);
    }

    public void Close(string reason)
    {
        if (!_isDown)
        {
            _isDown = true;
            connection.Abort(reason);
        }
    }

    /// <summary>Nothing is taken from now on.</summary>
    public void GoDown() => _isDown = true;

    /// <summary>The node has been told.</summary>
    public void End() => _ended.TrySetResult();
}
