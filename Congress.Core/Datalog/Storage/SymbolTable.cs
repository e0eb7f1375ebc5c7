using System.Runtime.InteropServices;
using Congress.Data;

namespace Congress.Datalog.Storage;

/// <summary>Gives every value a 32-bit handle, so that evaluation compares integers only.</summary>
/// <remarks>
/// An integer from -2^30 to 2^30-1 is its own handle; any other value is interned, and its handle is 2^30 plus its number,
/// taken modulo 2^32. Equal values have equal handles, and the other way round. Handles never leave <c>Datalog</c>.
/// </remarks>
internal sealed class SymbolTable
{
    private const int FirstSymbol = 1 << 30;
    private const int NullHandle = FirstSymbol;
    private const int FalseHandle = FirstSymbol + 1;
    private const int TrueHandle = FirstSymbol + 2;

    private readonly List<Value> _values = [Value.Null, Value.False, Value.True];
    private readonly Dictionary<string, int> _texts = new(StringComparer.Ordinal);
    private readonly Dictionary<long, int> _integers = [];
    private readonly Dictionary<double, int> _reals = [];
    private readonly Dictionary<string, int> _unknowns = new(StringComparer.Ordinal);

    /// <summary>Whether the handle is the integer itself.</summary>
    public static bool IsInline(int handle) => unchecked((uint)(handle + FirstSymbol)) < 1u << 31;

    /// <summary>The handle of a value, interned now if it is new.</summary>
    public int Intern(Value value)
    {
        switch (value.Kind)
        {
            case ValueKind.Null:
                return NullHandle;
            case ValueKind.Boolean:
                return value.AsBoolean() ? TrueHandle : FalseHandle;
            case ValueKind.Integer:
                var integer = value.AsInteger();
                return integer is >= -FirstSymbol and < FirstSymbol ? (int)integer : Intern(_integers, integer, value);
            case ValueKind.Real:
                return Intern(_reals, value.AsReal(), value);
            case ValueKind.Text:
                return Intern(_texts, value.AsText(), value);
            default:
                return Intern(_unknowns, value.ToString(), value);
        }
    }

    /// <summary>The handle of a value that may never have been interned.</summary>
    /// <returns>False when no row can hold the value.</returns>
    public bool TryFind(Value value, out int handle)
    {
        switch (value.Kind)
        {
            case ValueKind.Integer when value.AsInteger() is < -FirstSymbol or >= FirstSymbol:
                return _integers.TryGetValue(value.AsInteger(), out handle);
            case ValueKind.Real:
                return _reals.TryGetValue(value.AsReal(), out handle);
            case ValueKind.Text:
                return _texts.TryGetValue(value.AsText(), out handle);
            case ValueKind.Unknown:
                return _unknowns.TryGetValue(value.ToString(), out handle);
            default:
                handle = Intern(value);
                return true;
        }
    }

    /// <summary>The value of a handle.</summary>
    public Value ValueOf(int handle) => IsInline(handle) ? Value.Of((long)handle) : _values[unchecked(handle - FirstSymbol)];

    private int Intern<TKey>(Dictionary<TKey, int> handles, TKey key, Value value)
        where TKey : notnull
    {
        ref var handle = ref CollectionsMarshal.GetValueRefOrAddDefault(handles, key, out var isKnown);
        if (!isKnown)
        {
            handle = unchecked(FirstSymbol + _values.Count);
            _values.Add(value);
        }

        return handle;
    }
}
