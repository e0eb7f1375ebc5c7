using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Congress.Data;
using Congress.Datalog.Analysis;
using Congress.Datalog.Syntax;

namespace Congress.Datalog.Evaluation;

/// <summary>The state of one aggregate for one group.</summary>
internal abstract class Accumulator
{
    /// <summary>The result, or null when the values have none; the group then gives no row.</summary>
    public abstract Value? Result { get; }

    /// <summary>Whether the result is unknown, as the value that was it has been taken away.</summary>
    public virtual bool IsLost => false;

    public static Accumulator For(HeadTerm term) => term.Function switch
    {
        AggregateFunction.Count => term.Distinct ? new DistinctCount() : new Count(),
        AggregateFunction.Sum => new Sum(new(), isMean: false),
        AggregateFunction.Avg => new Sum(new(), isMean: true),
        AggregateFunction.Min => new Extreme(sign: -1),
        AggregateFunction.Max => new Extreme(sign: 1),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>Adds a value (1), or takes one away that was added (-1).</summary>
    public abstract void Change(Value value, int sign);

    /// <summary>A state of its own with the same values.</summary>
    public abstract Accumulator Copy();

    /// <summary>Tells an empty state to keep whatever it needs so that no result is ever lost.</summary>
    public virtual void KeepAll()
    {
    }

    private sealed class Count : Accumulator
    {
        private long _count;

        public override Value? Result => Value.Of(_count);

        public override void Change(Value value, int sign) => _count += sign;

        public override Accumulator Copy() => new Count { _count = _count };
    }

    /// <summary>Counts values; a table of its own until it is copied for the first time, a shared tree from then on.</summary>
    private sealed class DistinctCount : Accumulator
    {
        private readonly Dictionary<Value, int>? _own;
        private ImmutableDictionary<Value, int> _shared = ImmutableDictionary<Value, int>.Empty;

        public DistinctCount() => _own = [];

        private DistinctCount(ImmutableDictionary<Value, int> values) => _shared = values;

        public override Value? Result => Value.Of((long)(_own?.Count ?? _shared.Count));

        public override void Change(Value value, int sign)
        {
            if (_own is not null)
            {
                CollectionsMarshal.GetValueRefOrAddDefault(_own, value, out _) += sign;
                if (_own[value] == 0)
                {
                    _own.Remove(value);
                }

                return;
            }

            var count = _shared.GetValueOrDefault(value) + sign;
            _shared = count == 0 ? _shared.Remove(value) : _shared.SetItem(value, count);
        }

        public override Accumulator Copy() => new DistinctCount(_own?.ToImmutableDictionary() ?? _shared);
    }

    private sealed class Sum(ExactSum sum, bool isMean) : Accumulator
    {
        public override Value? Result => isMean ? sum.Mean : sum.Total;

        public override void Change(Value value, int sign) => sum.Change(value, sign);

        public override Accumulator Copy() => new Sum(sum.Copy(), isMean);
    }

    /// <summary>The least or the greatest in the total order of values, so that values of different kinds have one too.</summary>
    /// <remarks>It keeps only the extreme and how often it was added. When that is taken away it is lost, and the group is
    /// added again, this time keeping all values in order.</remarks>
    private sealed class Extreme(int sign) : Accumulator
    {
        private Value _extreme;
        private long _count;
        private bool _isLost;
        private ImmutableSortedDictionary<Value, int>? _all;

        public override Value? Result =>
            _all is { IsEmpty: false } ? _all.First().Key : _all is null && _count > 0 ? _extreme : default(Value?);

        public override bool IsLost => _isLost;

        public override void Change(Value value, int change)
        {
            if (_all is not null)
            {
                var count = _all.GetValueOrDefault(value) + change;
                _all = count == 0 ? _all.Remove(value) : _all.SetItem(value, count);
                return;
            }

            var order = _count == 0 ? change : value.CompareTo(_extreme) * sign;
            if (order == 0)
            {
                _count += change;
                _isLost |= _count == 0;
            }
            else if (order > 0 && change > 0)
            {
                (_extreme, _count) = (value, 1);
            }
        }

        public override Accumulator Copy() => new Extreme(sign) { _extreme = _extreme, _count = _count, _isLost = _isLost, _all = _all };

        public override void KeepAll() =>
            _all = ImmutableSortedDictionary.Create<Value, int>(Comparer<Value>.Create((x, y) => y.CompareTo(x) * sign));
    }
}
