using Congress.Data;

namespace Congress.Cli;

/// <summary>Reads an input that is opened for the first row and closed after the last, so that of many files one is open at a time.</summary>
internal sealed class DeferredReader(Func<RowReader> open) : RowReader
{
    private RowReader? _rows;
    private bool _isAtEnd;

    public override int Width => _rows?.Width ?? 0;

    public override ReadOnlySpan<Value> Current => _rows!.Current;

    public override bool Read()
    {
        if (_isAtEnd)
        {
            return false;
        }

        _rows ??= open();
        if (!_rows.Read())
        {
            _isAtEnd = true;
            _rows.Dispose();
        }

        return !_isAtEnd;
    }

    internal override void ReadTo(RowBlock block)
    {
        block.Start(0);
        if (!_isAtEnd)
        {
            _rows ??= open();
            _rows.ReadTo(block);
            if (block.Count == 0)
            {
                _isAtEnd = true;
                _rows.Dispose();
            }
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _rows?.Dispose();
        }

        base.Dispose(disposing);
    }
}
