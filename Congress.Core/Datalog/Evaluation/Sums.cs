using Congress.Data;
using Congress.Datalog.Storage;

namespace Congress.Datalog.Evaluation;

/// <summary>Adds numbers up: integers that fit in place, all else exactly in a sum of its own.</summary>
internal sealed class Sums(bool isMean) : Accumulator
{
    private const long MaxPlain = 1L << 62;   // what is within it and one small integer more does not overflow

    private long[] _plain = [];
    private Dictionary<int, ExactSum>? _exact;   // by group, all that is not in its plain sum

    public override Value? ResultOf(int group, long bindings, SymbolScope symbols)
    {
        var exact = _exact?.GetValueOrDefault(group);
        if (exact is null && !isMean)
        {
            return Value.Of(_plain[group]);
        }

        var sum = exact?.Copy() ?? new();
        sum.AddIntegers(_plain[group]);
        return isMean ? sum.Mean(bindings) : sum.Total;
    }

    public override void Extend(int groups)
    {
        if (groups > _plain.Length)
        {
            Array.Resize(ref _plain, Math.Max(groups, 2 * _plain.Length));
        }
    }

    public override void Change(ReadOnlySpan<int> groups, ReadOnlySpan<int> values, int sign, SymbolScope symbols)
    {
        for (var i = 0; i < groups.Length; i++)
        {
            var (group, value) = (groups[i], values[i]);
            if (!SymbolTable.IsInline(value))
            {
                ExactOf(group).Change(symbols.ValueOf(value), sign);
                continue;
            }

            ref var sum = ref _plain[group];
            sum += value * sign;
            if (sum is > MaxPlain or < -MaxPlain)
            {
                ExactOf(group).AddIntegers(sum);
                sum = 0;
            }
        }
    }

    public override void Set(int group, Accumulator others, int other)
    {
        var source = (Sums)others;
        _plain[group] = source._plain[other];
        if (source._exact is not null && source._exact.TryGetValue(other, out var exact))
        {
            (_exact ??= [])[group] = exact.Copy();
        }
        else
        {
            _exact?.Remove(group);
        }
    }

    public override void Clear(int group, bool keepsAll)
    {
        _plain[group] = 0;
        _exact?.Remove(group);
    }

    private ExactSum ExactOf(int group)
    {
        _exact ??= [];
        if (!_exact.TryGetValue(group, out var exact))
        {
            exact = _exact[group] = new();
        }

        return exact;
    }
}
