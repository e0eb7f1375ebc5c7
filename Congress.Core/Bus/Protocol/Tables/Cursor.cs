using Congress.Data;

namespace Congress.Bus.Protocol.Tables;

/// <summary>How far a publisher has come in sending a table to one subscriber. It holds no rows of its own: a slow subscriber costs nothing.</summary>
/// <remarks>It sends changes as long as the ring has what comes next, otherwise a snapshot, and never more than a window of frames ahead.</remarks>
internal sealed class Cursor(long link, Subscribe request, ProtocolSettings settings)
{
    private PublishedTable? _table;
    private IReadOnlyList<ReadOnlyMemory<Row>>? _snapshot;
    private int _chunk;             // of the snapshot
    private int _row;               // of the chunk, or of the change that is sent in parts
    private uint _index;            // of the next frame of the snapshot, or of the next part of the change
    private ulong _total;
    private UInt128 _hash;
    private bool _mustAnswer;       // that it goes on by changes, though there may be none yet
    private uint _sent;             // frames of this generation
    private uint _acknowledged;

    public long Link => link;

    public ulong Subscription => request.Subscription;

    public uint Generation => request.Generation;

    public TableName Table => request.Table;

    /// <summary>The state that the subscriber has when everything sent has come.</summary>
    public ulong Sequence { get; private set; }

    /// <summary>Whether the service has published the table.</summary>
    public bool IsAttached => _table is not null;

    /// <summary>How far the table is; only while attached.</summary>
    public TableMark Mark => new(Subscription, Generation, _table!.Epoch, _table.Sequence, _table.Hash, _sent == _acknowledged ? 0 : _sent);

    /// <summary>Whether the subscriber has said that it took over the newest state.</summary>
    public bool IsAcknowledged => _table is null || (_snapshot is null && Sequence == _table.Sequence && _acknowledged == _sent);

    /// <summary>Begins to send, from the state that the subscriber said it has when that is one of this epoch.</summary>
    public void Attach(PublishedTable table)
    {
        _table = table;
        if (request.Epoch == table.Epoch && request.Sequence <= table.Sequence && request.Sequence > 0)
        {
            Sequence = request.Sequence;
            _mustAnswer = true;
        }
        else
        {
            BeginSnapshot();
        }
    }

    public void Acknowledge(uint frames) => _acknowledged = Math.Max(_acknowledged, Math.Min(frames, _sent));

    /// <summary>The next frame; null when the subscriber has been sent everything or its window is full.</summary>
    public Frame? Next()
    {
        if (_table is null || _sent - _acknowledged >= settings.Window)
        {
            return null;
        }

        if (_snapshot is null && Sequence < _table.Ring.Start)
        {
            BeginSnapshot();   // it has fallen off the ring
        }

        Frame? frame = _snapshot is not null ? NextChunk() : _mustAnswer || Sequence < _table.Sequence ? NextDeltas(_table) : null;
        _sent += frame is null ? 0u : 1u;
        return frame;
    }

    private void BeginSnapshot()
    {
        _snapshot = _table!.Cut();
        (_chunk, _row, _index, _total, _hash) = (0, 0, 0, (ulong)_table.Count, _table.Hash);
        _mustAnswer = false;   // the snapshot answers
        Sequence = _table.Sequence;
    }

    private SnapshotChunk NextChunk()
    {
        var rows = ReadOnlyMemory<Row>.Empty;
        if (_chunk < _snapshot!.Count)
        {
            rows = _snapshot[_chunk][_row..];
            rows = rows[..RowSize.Fitting(rows.Span, settings.FrameBytes, settings.FrameRows)];
            _row += rows.Length;
            if (_row == _snapshot[_chunk].Length)
            {
                (_chunk, _row) = (_chunk + 1, 0);
            }
        }

        var frame = new SnapshotChunk(Subscription, Generation, _table!.Epoch, Sequence, _index++, _total, _hash, rows);
        if (_chunk == _snapshot.Count)
        {
            (_snapshot, _row, _index) = (null, 0, 0);
        }

        return frame;
    }

    private Deltas NextDeltas(PublishedTable table)
    {
        var parts = new List<DeltaPart>();
        long bytes = 0;
        while (parts.Count < settings.FrameRows && table.Ring.Find(Sequence + 1) is { } delta)
        {
            if (_row == 0 && bytes + delta.Bytes <= settings.FrameBytes)
            {
                parts.Add(delta.Part(0, 0, delta.Count));
                Sequence++;
                bytes += delta.Bytes;
                continue;
            }

            if (parts.Count == 0)
            {
                parts.Add(NextPart(delta));
            }

            break;
        }

        _mustAnswer = false;
        return new(Subscription, Generation, table.Epoch, [.. parts]);
    }

    /// <summary>As much of a change that does not fit into one frame as does.</summary>
    private DeltaPart NextPart(Delta delta)
    {
        var isInserting = _row < delta.Inserted.Length;
        var rest = isInserting ? delta.Inserted.AsSpan(_row) : delta.Deleted.AsSpan(_row - delta.Inserted.Length);
        var count = RowSize.Fitting(rest, settings.FrameBytes, settings.FrameRows);
        var part = delta.Part(_index, _row, count);
        (_row, _index) = part.IsLast ? (0, 0) : (_row + count, _index + 1);
        Sequence += part.IsLast ? 1u : 0u;
        return part;
    }
}
