using System.Threading.Channels;
using Congress.Data;

namespace Congress.Bus;

/// <summary>A table that is followed: first a snapshot, then changes in order, and marks when it may be old and when it is current again.</summary>
/// <remarks>
/// Every state told is one that the publisher really had. A reader that takes long holds nobody up: the publisher sends it at most a window ahead,
/// and a snapshot once it has fallen far behind. One reader at a time.
/// </remarks>
public sealed class Subscription : IAsyncEnumerable<TableEvent>, IDisposable
{
    private readonly DseNode _node;
    private readonly Channel<bool> _ready = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    internal Subscription(DseNode node, ulong id, TableName table) => (_node, Id, Table) = (node, id, table);

    /// <summary>The table.</summary>
    public TableName Table { get; }

    internal ulong Id { get; }

    /// <summary>Reads the events as they come, until the subscription or its node is disposed.</summary>
    public async IAsyncEnumerator<TableEvent> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        var taken = new List<TableEvent>();
        while (true)
        {
            _node.Take(this, taken);
            if (taken.Count == 0)
            {
                if (!await _ready.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
                {
                    yield break;
                }

                _ready.Reader.TryRead(out _);
            }

            foreach (var next in taken)
            {
                cancellationToken.ThrowIfCancellationRequested();
                yield return next;
            }

            taken.Clear();
        }
    }

    /// <summary>Ends it; a reader that waits is let go.</summary>
    public void Dispose() => _node.Unsubscribe(this);

    internal void Signal() => _ready.Writer.TryWrite(true);

    internal void Complete() => _ready.Writer.TryComplete();
}
