using Congress.Data;

namespace Congress.Bus.Protocol.Tables;

/// <summary>About how many bytes a row takes in a frame. A text may take three times its length: the limit allows for it.</summary>
internal static class RowSize
{
    /// <summary>The largest row that can be published, in bytes by this estimate.</summary>
    public const int Max = 1 << 20;

    /// <summary>Checks that a row can be published.</summary>
    /// <exception cref="ArgumentException">It is too large, or has a value without a meaning on the bus.</exception>
    public static void Check(Row row)
    {
        ArgumentNullException.ThrowIfNull(row);
        if (row.Count > FrameReader.MaxColumns)
        {
            throw new ArgumentException($"a row has {row.Count} columns; at most {FrameReader.MaxColumns} can be published", nameof(row));
        }

        foreach (var value in row.AsSpan())
        {
            if (value.Kind == ValueKind.Unknown)
            {
                throw new ArgumentException($"{value} is an unknown of an action policy; it has no meaning on the bus", nameof(row));
            }
        }

        if (Of(row) > Max)
        {
            throw new ArgumentException($"a row takes {Of(row)} bytes; at most {Max} can be published", nameof(row));
        }
    }

    public static int Of(Row row)
    {
        long size = 3;
        foreach (var value in row.AsSpan())
        {
            size += value.Kind == ValueKind.Text ? 5 + (long)value.AsText().Length : 9;
        }

        return (int)Math.Min(size, int.MaxValue);
    }

    public static long Of(ReadOnlySpan<Row> rows)
    {
        long size = 0;
        foreach (var row in rows)
        {
            size += Of(row);
        }

        return size;
    }

    /// <summary>How many of the rows, at least one, fill a frame.</summary>
    public static int Fitting(ReadOnlySpan<Row> rows, long bytes, int most)
    {
        var count = 0;
        foreach (var row in rows)
        {
            bytes -= Of(row);
            if (count > 0 && (bytes < 0 || count >= most))
            {
                break;
            }

            count++;
        }

        return count;
    }
}
