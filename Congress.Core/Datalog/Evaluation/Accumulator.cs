using Congress.Data;
using Congress.Datalog.Analysis;
using Congress.Datalog.Storage;
using Congress.Datalog.Syntax;

namespace Congress.Datalog.Evaluation;

/// <summary>The state of one aggregate for one group.</summary>
internal abstract class Accumulator
{
    /// <summary>The result, or null when the values have none; the group then gives no row.</summary>
    public abstract Value? Result { get; }

    public static Accumulator For(HeadTerm term) => term.Function switch
    {
        AggregateFunction.Count => term.Distinct ? new DistinctCount() : new Count(),
        AggregateFunction.Sum => new Sum(isMean: false),
        AggregateFunction.Avg => new Sum(isMean: true),
        AggregateFunction.Min => new Extreme(sign: -1),
        AggregateFunction.Max => new Extreme(sign: 1),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    public abstract void Add(int handle, SymbolTable symbols);

    private sealed class Count : Accumulator
    {
        private long _count;

        public override Value? Result => Value.Of(_count);

        public override void Add(int handle, SymbolTable symbols) => _count++;
    }

    private sealed class DistinctCount : Accumulator
    {
        private readonly HashSet<int> _handles = [];

        public override Value? Result => Value.Of((long)_handles.Count);

        public override void Add(int handle, SymbolTable symbols) => _handles.Add(handle);
    }

    private sealed class Sum(bool isMean) : Accumulator
    {
        private readonly ExactSum _sum = new();

        public override Value? Result => isMean ? _sum.Mean : _sum.Total;

        public override void Add(int handle, SymbolTable symbols) => _sum.Add(symbols.ValueOf(handle));
    }

    /// <summary>The least or the greatest in the total order of values, so that values of different kinds have one too.</summary>
    private sealed class Extreme(int sign) : Accumulator
    {
        private Value? _extreme;

        public override Value? Result => _extreme;

        public override void Add(int handle, SymbolTable symbols)
        {
            var value = symbols.ValueOf(handle);
            if (_extreme is null || value.CompareTo(_extreme.Value) * sign > 0)
            {
                _extreme = value;
            }
        }
    }
}
