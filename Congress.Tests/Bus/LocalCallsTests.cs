using Congress.Bus;

namespace Congress.Tests.Bus;

/// <summary>The calls of services without any bus: the same types, results and errors.</summary>
public sealed class LocalCallsTests
{
    private static readonly LocalCalls Calls = new LocalCalls().Add("test", new TestService().Methods);

    [Fact]
    public async Task A_call_is_answered_in_process() =>
        Assert.Equal("hello", await Calls.CallAsync("test", TestService.Echo, "hello"));

    [Fact]
    public async Task What_goes_wrong_is_told_as_over_the_bus()
    {
        Assert.Equal("System.InvalidOperationException", (await Assert.ThrowsAsync<RemoteErrorException>(() => Calls.CallAsync("test", TestService.Fail, "no"))).RemoteType);
        await Assert.ThrowsAsync<ServiceNotFoundException>(() => Calls.CallAsync("nothing", TestService.Echo, ""));
        var unknown = new ServiceMethod<string, string>("unknown", TestJson.Default.String, TestJson.Default.String);
        await Assert.ThrowsAsync<InvalidCallException>(() => Calls.CallAsync("test", unknown, ""));
        var mistaken = new ServiceMethod<string, int>("count", TestJson.Default.String, TestJson.Default.Int32);
        await Assert.ThrowsAsync<InvalidCallException>(() => Calls.CallAsync("test", mistaken, "x"));
        await Assert.ThrowsAsync<MessagingTimeoutException>(() => Calls.CallAsync("test", TestService.Hang, "", new() { Timeout = TimeSpan.FromMilliseconds(50) }));
        using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Calls.CallAsync("test", TestService.Hang, "", null, stop.Token));
    }

    [Fact]
    public async Task A_broadcast_reaches_the_one_that_is_here()
    {
        Assert.Equal("x", Assert.Single(await Calls.BroadcastAsync("test", TestService.Echo, "x")).Result);
        Assert.IsType<RemoteErrorException>(Assert.Single(await Calls.BroadcastAsync("test", TestService.Fail, "x")).Failure);
        await Assert.ThrowsAsync<ServiceNotFoundException>(() => Calls.BroadcastAsync("nothing", TestService.Echo, "x"));
    }

    [Fact]
    public void A_service_is_added_once() =>
        Assert.Throws<ArgumentException>(() => new LocalCalls().Add("test", new ServiceMethods()).Add("test", new ServiceMethods()));
}
