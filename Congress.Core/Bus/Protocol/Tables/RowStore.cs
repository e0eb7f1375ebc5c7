using System.Diagnostics;
using Congress.Data;

namespace Congress.Bus.Protocol.Tables;

/// <summary>The distinct rows of a published table, in chunks that are copied when they change while a snapshot holds them.</summary>
/// <remarks>Cutting a snapshot copies the list of chunks only; a change after that copies one or two chunks.</remarks>
internal sealed class RowStore
{
    private const int ChunkRows = 1024;

    private readonly Dictionary<Row, int> _places = [];
    private readonly List<Chunk> _chunks = [];

    public int Count => _places.Count;

    public bool Contains(Row row) => _places.ContainsKey(row);

    public IEnumerable<Row> Rows => _places.Keys;

    public bool Add(Row row)
    {
        var place = _places.Count;
        if (!_places.TryAdd(row, place))
        {
            return false;
        }

        if (place / ChunkRows == _chunks.Count)
        {
            _chunks.Add(new());
        }

        Own(place / ChunkRows)[place % ChunkRows] = row;
        return true;
    }

    public bool Remove(Row row)
    {
        if (!_places.Remove(row, out var place))
        {
            return false;
        }

        // The last row takes the place.
        var last = _places.Count;
        var lastChunk = Own(last / ChunkRows);
        var moved = lastChunk[last % ChunkRows];
        Debug.Assert(moved is not null, "places and chunks agree");
        lastChunk[last % ChunkRows] = null!;
        if (place != last)
        {
            Own(place / ChunkRows)[place % ChunkRows] = moved;
            _places[moved] = place;
        }

        if (last % ChunkRows == 0)
        {
            _chunks.RemoveAt(_chunks.Count - 1);
        }

        return true;
    }

    /// <summary>All rows as they are now; what the store does later leaves them alone.</summary>
    public IReadOnlyList<ReadOnlyMemory<Row>> Cut()
    {
        var cut = new ReadOnlyMemory<Row>[_chunks.Count];
        for (var i = 0; i < cut.Length; i++)
        {
            _chunks[i].IsShared = true;
            cut[i] = _chunks[i].Rows.AsMemory(0, Math.Min(ChunkRows, Count - (i * ChunkRows)));
        }

        return cut;
    }

    private Row[] Own(int index)
    {
        var chunk = _chunks[index];
        if (chunk.IsShared)
        {
            _chunks[index] = chunk = new() { Rows = [.. chunk.Rows] };
        }

        return chunk.Rows;
    }

    private sealed class Chunk
    {
        public Row[] Rows { get; init; } = new Row[ChunkRows];

        public bool IsShared { get; set; }
    }
}
