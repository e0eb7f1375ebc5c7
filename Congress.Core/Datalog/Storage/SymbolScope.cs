using System.Runtime.InteropServices;
using System.Text;
using Congress.Data;

namespace Congress.Datalog.Storage;

/// <summary>The symbols as one evaluation sees them: the shared ones and, for a reader or a what-if, its own.</summary>
/// <remarks>The numbers of private symbols run down from the top, so that they never meet those of the shared table,
/// which may grow meanwhile. A private symbol equals no value that any shared row holds.</remarks>
internal sealed class SymbolScope(SymbolTable shared, bool isPrivate)
{
    private const int FirstPrivate = -(1 << 30) - 1;   // below the inline integers, the last handle that a shared symbol could have
    private const int MaxPrivate = 1 << 26;

    private Dictionary<Value, int>? _handles;
    private List<Value>? _values;

    /// <summary>The handle of a value, interned now if it is new.</summary>
    public int Intern(Value value)
    {
        if (!isPrivate)
        {
            return shared.Intern(value);
        }

        if (shared.TryFind(value, out var known))
        {
            // What the shared table learns after this scope has the value too is in no row that the scope sees.
            return _handles is not null && _handles.TryGetValue(value, out var mine) ? mine : known;
        }

        ref var handle = ref CollectionsMarshal.GetValueRefOrAddDefault(_handles ??= [], value, out var isKnown);
        if (!isKnown)
        {
            _values ??= [];
            if (_values.Count == MaxPrivate)
            {
                _handles.Remove(value);
                throw new InvalidOperationException($"One evaluation made more than {MaxPrivate} new values.");
            }

            handle = FirstPrivate - _values.Count;
            _values.Add(value);
        }

        return handle;
    }

    /// <summary>The handles of texts, interned now if they are new.</summary>
    /// <param name="utf8">The bytes of all, which are valid.</param>
    /// <param name="texts">Where each is; those of negative length are none, and get no handle.</param>
    /// <param name="handles">Where to write the handles.</param>
    public void Intern(ReadOnlySpan<byte> utf8, ReadOnlySpan<(int Start, int Length)> texts, Span<int> handles)
    {
        if (!isPrivate)
        {
            shared.Intern(utf8, texts, handles);
            return;
        }

        for (var i = 0; i < texts.Length; i++)
        {
            if (texts[i].Length >= 0)
            {
                handles[i] = Intern(Value.Of(Encoding.UTF8.GetString(utf8.Slice(texts[i].Start, texts[i].Length))));
            }
        }
    }

    /// <summary>The handle of a value that may never have been interned.</summary>
    /// <returns>False when no row can hold the value.</returns>
    public bool TryFind(Value value, out int handle) =>
        (_handles is not null && _handles.TryGetValue(value, out handle)) || shared.TryFind(value, out handle);

    /// <summary>The value of a handle.</summary>
    public Value ValueOf(int handle) =>
        _values is not null && handle <= FirstPrivate && FirstPrivate - handle < _values.Count ? _values[FirstPrivate - handle] : shared.ValueOf(handle);

    /// <summary>The values of a row of handles.</summary>
    public Row RowOf(ReadOnlySpan<int> handles)
    {
        var values = new Value[handles.Length];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = ValueOf(handles[i]);
        }

        return Row.Owning(values);
    }

    /// <summary>The rows of a relation as values, sorted.</summary>
    public Row[] SortedRowsOf(Relation rows)
    {
        var result = new Row[rows.Count];
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = RowOf(rows[i]);
        }

        Array.Sort(result);
        return result;
    }
}
