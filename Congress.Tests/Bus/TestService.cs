using System.Collections.Concurrent;
using System.Text.Json.Serialization;
using Congress.Bus;
using Congress.Data;

namespace Congress.Tests.Bus;

[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(int))]
[JsonSerializable(typeof(int[]))]
internal sealed partial class TestJson : JsonSerializerContext;

/// <summary>A service whose insides a test can reach.</summary>
internal sealed class TestService : DataService
{
    public static readonly ServiceMethod<string, string> Echo = new("echo", TestJson.Default.String, TestJson.Default.String);
    public static readonly ServiceMethod<string, string> Fail = new("fail", TestJson.Default.String, TestJson.Default.String);
    public static readonly ServiceMethod<string, string> Hang = new("hang", TestJson.Default.String, TestJson.Default.String);
    public static readonly ServiceMethod<int, int> Count = new("count", TestJson.Default.Int32, TestJson.Default.Int32);
    public static readonly ServiceMethod<string, string> Where = new("where", TestJson.Default.String, TestJson.Default.String);

    private int _count;

    public TestService(string name = "test")
        : base(name)
    {
        Methods.Add(Echo, (text, _, _) => new(text));
        Methods.Add(Fail, (text, _, _) => throw new InvalidOperationException(text));
        Methods.Add(Hang, async (text, _, token) =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
            return text;
        });
        Methods.Add(Count, (step, _, _) => new(_count += step));
        Methods.Add(Where, (_, _, _) => new(Node.Id.Value));
    }

    /// <summary>What its tables had to say of their subscribers: <c>+table</c>, <c>-table</c>.</summary>
    public ConcurrentQueue<string> Demand { get; } = new();

    public int Starts { get; private set; }

    public Func<TestService, CancellationToken, ValueTask>? OnStart { get; init; }

    public void Say(string table, params Row[] rows) => Publish(table, rows);

    public void Change(string table, Row[] inserted, Row[] deleted) => Publish(table, inserted, deleted);

    public void FollowTable(string service, string table, Func<TableEvent, CancellationToken, ValueTask> take) => Follow(service, table, take);

    public ValueTask DoAsync(Func<CancellationToken, ValueTask> work) => PostAsync(work);

    protected internal override ValueTask StartAsync(CancellationToken cancellationToken)
    {
        Starts++;
        return OnStart?.Invoke(this, cancellationToken) ?? ValueTask.CompletedTask;
    }

    protected internal override ValueTask OnFirstSubscriberAsync(string table, CancellationToken cancellationToken)
    {
        Demand.Enqueue("+" + table);
        return ValueTask.CompletedTask;
    }

    protected internal override ValueTask OnLastSubscriberAsync(string table, CancellationToken cancellationToken)
    {
        Demand.Enqueue("-" + table);
        return ValueTask.CompletedTask;
    }
}
