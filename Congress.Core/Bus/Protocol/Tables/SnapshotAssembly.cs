using Congress.Data;

namespace Congress.Bus.Protocol.Tables;

/// <summary>The chunks of one state, until all are there.</summary>
internal sealed class SnapshotAssembly(SnapshotChunk first)
{
    private readonly Dictionary<uint, ReadOnlyMemory<Row>> _chunks = [];
    private ulong _rows;
    private uint _next;   // the first chunk that is missing

    public TableVersion Version { get; } = new(first.Epoch, first.Sequence);

    /// <summary>Whether the rows are there: all of them, or more than there can be.</summary>
    public bool IsComplete => _rows >= first.TotalRows;

    /// <summary>Adds a chunk, unless it is here.</summary>
    /// <returns>Whether more chunks are here without a gap. What comes behind a gap is no progress: lost frames use up the window, so it would come
    /// one by one, and a state that can never be complete would be waited for to its end.</returns>
    public bool Add(SnapshotChunk chunk)
    {
        if (_chunks.TryAdd(chunk.Index, chunk.Rows))
        {
            _rows += (ulong)chunk.Rows.Length;
        }

        var before = _next;
        while (_chunks.ContainsKey(_next))
        {
            _next++;
        }

        return _next > before;
    }

    /// <summary>The rows, when their number and their hash are those of the state.</summary>
    public Row[]? Verified(RowHash hashes)
    {
        if (_rows != first.TotalRows)
        {
            return null;
        }

        var rows = new Row[_rows];
        var (at, sum) = (0, UInt128.Zero);
        foreach (var chunk in _chunks.Values)
        {
            chunk.Span.CopyTo(rows.AsSpan(at));
            at += chunk.Length;
        }

        foreach (var row in rows)
        {
            sum += hashes.Of(row);
        }

        return sum == first.Hash ? rows : null;
    }
}
