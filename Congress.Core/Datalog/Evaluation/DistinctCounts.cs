using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Congress.Data;
using Congress.Datalog.Storage;

namespace Congress.Datalog.Evaluation;

/// <summary>Counts different values; a table of its own for each group until it is copied for the first time, a shared tree from then on.</summary>
internal sealed class DistinctCounts : Accumulator
{
    private State[] _states = [];

    public override Value? ResultOf(int group, long bindings, SymbolScope symbols) =>
        Value.Of((long)(_states[group].Own?.Count ?? _states[group].Shared?.Count ?? 0));

    public override IEnumerable<int> Handles => _states.SelectMany(s => s.Shared?.Keys ?? s.Own?.Keys ?? Enumerable.Empty<int>());

    public override void Extend(int groups)
    {
        if (groups > _states.Length)
        {
            Array.Resize(ref _states, Math.Max(groups, 2 * _states.Length));
        }
    }

    public override void Change(ReadOnlySpan<int> groups, ReadOnlySpan<int> values, int sign, SymbolScope symbols)
    {
        for (var i = 0; i < groups.Length; i++)
        {
            ref var state = ref _states[groups[i]];
            if (state.Shared is { } shared)
            {
                var count = shared.GetValueOrDefault(values[i]) + sign;
                state.Shared = count == 0 ? shared.Remove(values[i]) : shared.SetItem(values[i], count);
                continue;
            }

            ref var own = ref CollectionsMarshal.GetValueRefOrAddDefault(state.Own ??= [], values[i], out _);
            own += sign;
            if (own == 0)
            {
                state.Own.Remove(values[i]);
            }
        }
    }

    public override void Set(int group, Accumulator others, int other)
    {
        ref var source = ref ((DistinctCounts)others)._states[other];
        _states[group] = new() { Shared = source.Own?.ToImmutableDictionary() ?? source.Shared ?? ImmutableDictionary<int, int>.Empty };
    }

    public override void Clear(int group, bool keepsAll) => _states[group] = default;

    private struct State
    {
        public Dictionary<int, int>? Own;
        public ImmutableDictionary<int, int>? Shared;
    }
}
