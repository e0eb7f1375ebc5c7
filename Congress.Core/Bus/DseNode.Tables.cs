using Congress.Bus.Protocol.Calls;
using Congress.Data;

namespace Congress.Bus;

/// <summary>The tables that a node follows.</summary>
public sealed partial class DseNode
{
    private readonly Dictionary<ulong, Subscription> _subscriptions = [];
    private bool _isOver;

    /// <summary>Follows a table of a service, here or on another node.</summary>
    /// <param name="table">The table; its policy is the service. Neither need be there yet.</param>
    /// <exception cref="ObjectDisposedException">The node is disposed.</exception>
    public Subscription Subscribe(TableName table)
    {
        if (string.IsNullOrEmpty(table.Policy) || string.IsNullOrEmpty(table.Table))
        {
            throw new ArgumentException("a table needs the name of its service and its own", nameof(table));
        }

        Subscription subscription;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isOver, this);
            subscription = new(this, _protocol.Subscribe(table, Now), table);
            _subscriptions.Add(subscription.Id, subscription);
            Settle();
        }

        subscription.Signal();
        Send();
        return subscription;
    }

    internal void Take(Subscription subscription, List<TableEvent> into)
    {
        lock (_gate)
        {
            _protocol.Take(subscription.Id, into, Now);
            Settle();
        }

        Send();
    }

    internal void Unsubscribe(Subscription subscription)
    {
        lock (_gate)
        {
            _subscriptions.Remove(subscription.Id);
            _protocol.Unsubscribe(subscription.Id);
            Settle();
        }

        subscription.Complete();
        Send();
    }

    /// <summary>Lets go whoever still waits for this node.</summary>
    private void EndEverything()
    {
        Subscription[] subscriptions;
        lock (_gate)
        {
            _isOver = true;
            subscriptions = [.. _subscriptions.Values];
            foreach (var call in _calls.Values)
            {
                End(call, new(null, CallFailure.NotDelivered, Message: $"node '{Id}' is disposed"));
            }

            _calls.Clear();
            _peerWatchers.ForEach(w => w.Writer.TryComplete());
        }

        Rouse();
        foreach (var subscription in subscriptions)
        {
            subscription.Dispose();
        }
    }
}
