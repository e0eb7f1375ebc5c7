using Congress.Bus;
using Congress.Bus.Protocol;
using Congress.Data;

namespace Congress.Transport.InProc;

/// <summary>Connects nodes of one process over bounded channels. Frames, and the rows in them, are handed over as they are.</summary>
/// <param name="hub">Where the nodes meet.</param>
/// <param name="time">The clock by which closed links are made again.</param>
public sealed class InProcTransport(InProcHub hub, TimeProvider? time = null) : IBusTransport
{
    private static readonly TimeSpan RedialTime = TimeSpan.FromMilliseconds(100);

    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private readonly CancellationTokenSource _over = new();
    private readonly Lock _gate = new();
    private readonly List<InProcLink> _links = [];
    private IBusReceiver? _receiver;
    private bool _isDisposed;

    internal NodeIdentity Self { get; private set; }

    /// <inheritdoc/>
    public ValueTask StartAsync(NodeIdentity self, IBusReceiver receiver, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (_receiver is not null)
            {
                throw new InvalidOperationException("a transport serves one node, once");
            }

            (Self, _receiver) = (self, receiver);
        }

        hub.Join(this);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        InProcLink[] links;
        lock (_gate)
        {
            if (_isDisposed)
            {
                return;
            }

            _isDisposed = true;
            links = [.. _links];
        }

        hub.Leave(this);
        await _over.CancelAsync().ConfigureAwait(false);
        foreach (var link in links)
        {
            link.Close("the node has closed its transport");
        }

        _over.Dispose();
    }

    /// <summary>Makes the two ends of a link, if each admits the other.</summary>
    internal static void Connect(InProcTransport dialler, InProcTransport acceptor)
    {
        if (acceptor._receiver!.Admit(dialler.Self) is { } refusal)
        {
            dialler.Refused(acceptor.Self.Id, refusal);
            return;
        }

        if (dialler._receiver!.Admit(acceptor.Self) is { } answer)
        {
            acceptor.Refused(dialler.Self.Id, answer);
            return;
        }

        var (near, far) = InProcLink.Pair(dialler, acceptor, hub: dialler.Hub);
        if (!dialler.Add(near) || !acceptor.Add(far))
        {
            near.Close("the node has closed its transport");
            return;
        }

        near.Open();
        far.Open();
    }

    internal InProcHub Hub => hub;

    internal IBusReceiver Receiver => _receiver!;

    internal void Remove(InProcLink link)
    {
        lock (_gate)
        {
            _links.Remove(link);
        }
    }

    /// <summary>Tries again in a while; of two nodes the one with the lower name does.</summary>
    internal void Redial(NodeId peer) => _ = RedialAsync(peer);

    private bool Add(InProcLink link)
    {
        lock (_gate)
        {
            if (_isDisposed || _links.Exists(l => l.Peer == link.Peer))
            {
                return false;
            }

            _links.Add(link);
            return true;
        }
    }

    private void Refused(NodeId peer, string reason)
    {
        _receiver!.Refused(peer, reason);
        Redial(peer);
    }

    private async Task RedialAsync(NodeId peer)
    {
        try
        {
            await Task.Delay(RedialTime, _time, _over.Token).ConfigureAwait(false);
            hub.Reconnect(this, peer);
        }
        catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException)
        {
            // disposed: nobody wants the link any more
        }
    }
}
