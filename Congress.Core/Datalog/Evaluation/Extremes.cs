using System.Collections.Immutable;
using Congress.Data;
using Congress.Datalog.Storage;

namespace Congress.Datalog.Evaluation;

/// <summary>The least or the greatest in the total order of values, so that values of different kinds have one too.</summary>
/// <remarks>Of a group only the extreme is kept and how often it was added. When that is taken away it is lost, and the group is
/// added again, this time keeping all values in order.</remarks>
internal sealed class Extremes(int sign) : Accumulator
{
    private State[] _states = [];
    private Dictionary<int, ImmutableSortedDictionary<Value, int>>? _all;   // by group, where all values are kept

    public override Value? ResultOf(int group, long bindings, SymbolScope symbols) =>
        _all is not null && _all.TryGetValue(group, out var all) ? (all.IsEmpty ? default(Value?) : all.First().Key)
        : _states[group].Count > 0 ? symbols.ValueOf(_states[group].Extreme) : default(Value?);

    public override IEnumerable<int> Handles => _states.Where(s => s.Count > 0).Select(s => s.Extreme);

    public override bool IsLost(int group) => _states[group].IsLost;

    public override void Extend(int groups)
    {
        if (groups > _states.Length)
        {
            Array.Resize(ref _states, Math.Max(groups, 2 * _states.Length));
        }
    }

    public override void Change(ReadOnlySpan<int> groups, ReadOnlySpan<int> values, int change, SymbolScope symbols)
    {
        for (var i = 0; i < groups.Length; i++)
        {
            if (_all is not null && _all.TryGetValue(groups[i], out var all))
            {
                var value = symbols.ValueOf(values[i]);
                var count = all.GetValueOrDefault(value) + change;
                _all[groups[i]] = count == 0 ? all.Remove(value) : all.SetItem(value, count);
            }
            else
            {
                Change(ref _states[groups[i]], values[i], change, symbols);
            }
        }
    }

    public override void Set(int group, Accumulator others, int other)
    {
        var source = (Extremes)others;
        _states[group] = source._states[other];
        if (source._all is not null && source._all.TryGetValue(other, out var all))
        {
            (_all ??= [])[group] = all;
        }
        else
        {
            _all?.Remove(group);
        }
    }

    public override void Clear(int group, bool keepsAll)
    {
        _states[group] = default;
        if (keepsAll)
        {
            (_all ??= [])[group] = ImmutableSortedDictionary.Create<Value, int>(Comparer<Value>.Create((x, y) => y.CompareTo(x) * sign));
        }
        else
        {
            _all?.Remove(group);
        }
    }

    private void Change(ref State state, int value, int change, SymbolScope symbols)
    {
        var order = state.Count == 0 ? change
            : SymbolTable.IsInline(value) && SymbolTable.IsInline(state.Extreme) ? value.CompareTo(state.Extreme) * sign
            : symbols.ValueOf(value).CompareTo(symbols.ValueOf(state.Extreme)) * sign;
        if (order == 0)
        {
            state.Count += change;
            state.IsLost |= state.Count == 0;
        }
        else if (order > 0 && change > 0)
        {
            (state.Extreme, state.Count) = (value, 1);
        }
    }

    private struct State
    {
        public int Extreme;
        public int Count;
        public bool IsLost;
    }
}
