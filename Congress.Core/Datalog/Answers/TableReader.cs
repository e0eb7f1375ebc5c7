using Congress.Data;
using Congress.Datalog.Evaluation;
using Congress.Datalog.Storage;

namespace Congress.Datalog.Answers;

/// <summary>Reads a copy of a table's rows as values.</summary>
internal sealed class TableReader : RowReader
{
    private readonly SymbolScope _symbols;
    private readonly Value[] _current;
    private readonly int _count;
    private int[] _cells;
    private int _next;

    public TableReader(SymbolScope symbols, TableView view)
    {
        var rows = view.ToRelation();
        _symbols = symbols;
        _count = rows.Count;
        _current = new Value[_count == 0 ? 0 : rows.Arity];
        _cells = rows.Cells[..(_count * _current.Length)];
    }

    /// <summary>Whether the reader needs the values of its handles no more.</summary>
    public bool IsDone { get; private set; }

    /// <summary>The handles of all rows; none when the reader is done.</summary>
    public ReadOnlySpan<int> Handles => _cells;

    public override int Width => _current.Length;

    public override ReadOnlySpan<Value> Current => _current;

    public override bool Read()
    {
        if (_next == _count || IsDone)
        {
            (IsDone, _cells) = (true, []);
            return false;
        }

        for (var i = 0; i < _current.Length; i++)
        {
            _current[i] = _symbols.ValueOf(_cells[(_next * _current.Length) + i]);
        }

        _next++;
        return true;
    }

    protected override void Dispose(bool disposing)
    {
        (IsDone, _cells) = (true, []);
        base.Dispose(disposing);
    }
}
