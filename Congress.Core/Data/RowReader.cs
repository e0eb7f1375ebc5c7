namespace Congress.Data;

/// <summary>A stream of rows, read forwards once.</summary>
public abstract class RowReader : IDisposable
{
    /// <summary>The number of values in each row; known before the first row is read, 0 for an input without rows.</summary>
    public abstract int Width { get; }

    /// <summary>The values of the row last read. They are overwritten by the next <see cref="Read"/>.</summary>
    public abstract ReadOnlySpan<Value> Current { get; }

    /// <summary>Reads the next row.</summary>
    /// <returns>False at the end.</returns>
    /// <exception cref="Diagnostics.PolicyException">The input is not what it should be; the diagnostic tells
    /// the file and the line.</exception>
    public abstract bool Read();

    /// <summary>Where the current row comes from; null when that is not known.</summary>
    internal virtual FactOrigin? RowOrigin => null;

    /// <summary>About how many rows are still to come; 0 when that is not known.</summary>
    internal virtual long RowsAhead => 0;

    /// <summary>Reads as many rows as a block holds; none at the end.</summary>
    internal virtual void ReadTo(RowBlock block)
    {
        block.Start(0);
        while (block.Count < RowBlock.MaxRows && Read())
        {
            if (block.Count == 0)
            {
                block.Start(Width);
            }

            block.Add(Current);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Releases what the reader holds.</summary>
    protected virtual void Dispose(bool disposing)
    {
    }
}
