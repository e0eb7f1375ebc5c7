using System.Buffers;
using Congress.Datalog.Storage;

namespace Congress.Datalog.Evaluation;

/// <summary>Adds the rows of heads to a relation, each once.</summary>
/// <param name="rows">The relation.</param>
/// <param name="seen">Which rows are in the relation, as bits; null to ask the relation.</param>
/// <param name="areDistinct">Whether no row comes twice, nor one that is there.</param>
/// <param name="mayWait">Whether nobody reads the relation before all rows have come, so that many are made distinct at the end.</param>
[System.Runtime.CompilerServices.SkipLocalsInit]   // buffers on the stack are written before they are read
internal sealed class HeadWriter(Relation rows, DenseSet? seen = null, bool areDistinct = false, bool mayWait = false) : IRowWriter
{
    private const int SmallSize = 256;
    private const int ManyRows = 1 << 16;   // fewer are in the caches as they are

    private RowPartitions? _partitions;   // of all rows, once there are many
    private bool _mayWait = mayWait;

    public int Count => _partitions?.Count ?? rows.Count;

    /// <inheritdoc/>
    public void Settle()
    {
        _mayWait = false;
        _partitions?.MoveTo(rows);
        _partitions = null;
    }

    /// <inheritdoc/>
    public void Write(int[][] columns, int count)
    {
        if (areDistinct)
        {
            Copy(columns, count, rows.Room(count));
            rows.Append(count);
        }
        else if (seen is null)
        {
            Add(columns, count);
        }
        else if (columns.Length == 2)
        {
            rows.Append(WritePairs(columns[0].AsSpan(0, count), columns[1].AsSpan(0, count), rows.Room(count), seen));
        }
        else
        {
            rows.Append(WriteUnseen(columns, count, rows.Room(count), seen));
        }
    }

    private static void Copy(int[][] columns, int count, Span<int> cells)
    {
        var arity = columns.Length;
        for (var column = 0; column < arity; column++)
        {
            var source = columns[column].AsSpan(0, count);
            for (int i = 0, cell = column; i < source.Length; i++, cell += arity)
            {
                cells[cell] = source[i];
            }
        }
    }

    /// <summary>Writes pairs without a branch: each is written, and the next over it when it was there already.</summary>
    private static int WritePairs(ReadOnlySpan<int> xs, ReadOnlySpan<int> ys, Span<int> cells, DenseSet seen)
    {
        var bits = seen.Bits;
        var (leastX, leastY, stride) = (seen.Least[0], seen.Least[1], seen.Stride[0]);
        var cell = 0;
        for (var i = 0; i < xs.Length && i < ys.Length; i++)
        {
            var place = (((long)xs[i] - leastX) * stride) + ((long)ys[i] - leastY);
            ref var word = ref bits[place >> 6];
            var before = word;
            var after = before | (1UL << (int)place);
            word = after;
            cells[cell] = xs[i];
            cells[cell + 1] = ys[i];
            cell += before != after ? 2 : 0;
        }

        return cell / 2;
    }

    private static int WriteUnseen(int[][] columns, int count, Span<int> cells, DenseSet seen)
    {
        var arity = columns.Length;
        var written = 0;
        for (var i = 0; i < count; i++)
        {
            var row = cells.Slice(written * arity, arity);
            for (var column = 0; column < arity; column++)
            {
                row[column] = columns[column][i];
            }

            written += seen.Add(row) ? 1 : 0;
        }

        return written;
    }

    private void Add(int[][] columns, int count)
    {
        var size = count * columns.Length;
        var buffer = size <= SmallSize ? null : ArrayPool<int>.Shared.Rent(size);
        Span<int> cells = buffer ?? stackalloc int[SmallSize];
        Copy(columns, count, cells[..size]);
        if (_partitions is null)
        {
            rows.AddAll(cells[..size], count);
            Partition();
        }
        else
        {
            _partitions.Add(cells[..size], count);
        }

        if (buffer is not null)
        {
            ArrayPool<int>.Shared.Return(buffer);
        }
    }

    /// <summary>Hands the rows to partitions when they have become many.</summary>
    private void Partition()
    {
        if (_mayWait && rows.Count >= ManyRows && rows.Arity > 0)
        {
            _partitions = new(rows.Arity);
            _partitions.Add(rows.Cells.AsSpan(0, rows.Count * rows.Arity), rows.Count);
            rows.Clear();
        }
    }
}
