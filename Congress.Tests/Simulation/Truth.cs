using System.Numerics;
using Congress.Data;

namespace Congress.Tests.Simulation;

/// <summary>The rows that tables have in a simulation. A state of a table is a set of bits, one for each row.</summary>
internal static class Rows
{
    public static Row[] All { get; } = [.. Enumerable.Range(0, 64).Select(Make)];

    public static Row[] Of(ulong state)
    {
        var rows = new Row[BitOperations.PopCount(state)];
        for (var i = 0; state != 0; state &= state - 1)
        {
            rows[i++] = All[BitOperations.TrailingZeroCount(state)];
        }

        return rows;
    }

    /// <summary>The state with these rows; they must be rows of the domain, each once.</summary>
    public static ulong StateOf(IReadOnlyList<Row> rows)
    {
        ulong state = 0;
        foreach (var row in rows)
        {
            var number = row.Count > 0 && row[0].Kind == ValueKind.Integer ? row[0].AsInteger() : -1;
            if (number is < 0 or > 63 || !row.Equals(All[number]))
            {
                throw new BrokenPromiseException($"{row} was never published");
            }

            if ((state & (1UL << (int)number)) != 0)
            {
                throw new BrokenPromiseException($"{row} is there twice");
            }

            state |= 1UL << (int)number;
        }

        return state;
    }

    private static Row Make(int number) => (number % 5) switch
    {
        0 => new(Value.Of(number), Value.Of("a")),
        1 => new(Value.Of(number), Value.Of(number * 0.5), Value.Null),
        2 => new(Value.Of(number), Value.True),
        3 => new(Value.Of(number), Value.Of(new string('x', number))),
        _ => new(Value.Of(number)),
    };
}

/// <summary>Every state that a publisher gave a table in one epoch, and when.</summary>
internal sealed class TableTruth
{
    private readonly List<(ulong State, TimeSpan At)> _states = [];

    /// <summary>When the service or its process ended; null while it lives.</summary>
    public TimeSpan? EndedAt { get; set; }

    public ulong Sequence => (ulong)_states.Count;

    public ulong State => _states.Count == 0 ? 0 : _states[^1].State;

    public void Add(ulong state, TimeSpan now) => _states.Add((state, now));

    /// <summary>The rows at a state; null when there was no such state.</summary>
    public ulong? At(ulong sequence) => sequence - 1 < (ulong)_states.Count ? _states[(int)sequence - 1].State : null;

    /// <summary>Until when a state was the newest one of a living publisher.</summary>
    public TimeSpan CurrentUntil(ulong sequence, TimeSpan now)
    {
        var until = sequence < (ulong)_states.Count ? _states[(int)sequence].At : now;
        return EndedAt is { } end && end < until ? end : until;
    }
}
