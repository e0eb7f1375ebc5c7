using Congress.Data;
using Congress.Datalog.Storage;

namespace Congress.Datalog.Answers;

/// <summary>Reads a copy of a relation's rows as values.</summary>
internal sealed class TableReader : RowReader
{
    private readonly Engine _engine;
    private readonly int[] _cells;
    private readonly int _count;
    private readonly Value[] _current;
    private int _next;

    public TableReader(Engine engine, Relation? relation)
    {
        _engine = engine;
        _count = relation?.Count ?? 0;
        _current = new Value[relation?.Arity ?? 0];
        _cells = relation is null ? [] : relation.Cells[..(_count * relation.Arity)];
    }

    public override int Width => _current.Length;

    public override ReadOnlySpan<Value> Current => _current;

    public override bool Read()
    {
        if (_next == _count)
        {
            return false;
        }

        for (var i = 0; i < _current.Length; i++)
        {
            _current[i] = _engine.ValueOf(_cells[(_next * _current.Length) + i]);
        }

        _next++;
        return true;
    }
}
