using System.Diagnostics;
using Congress.Api;
using Congress.Bus;
using Congress.Policies.Library;

namespace Congress.Tests.Api;

/// <summary>A node that is asked and stands still.</summary>
public sealed class StandstillTests
{
    [Fact]
    public async Task A_question_that_is_not_answered_is_asked_of_another_node()
    {
        var library = new StuckLibrary(stuck: 2);
        await using var alone = await ApiAlone.StartAsync(library);
        Assert.Equal("""{"results":[]}""", (await alone.GetAsync("/v1/librarypolicies")).Is(200).Text);
        Assert.Equal(3, library.Asked);
        Assert.Equal("""{"results":[]}""", (await alone.GetAsync("/v1/librarypolicies")).Is(200).Text);
        Assert.Equal(4, library.Asked);
    }

    [Fact]
    public async Task A_question_that_nobody_answers_ends_in_time()
    {
        await using var alone = await ApiAlone.StartAsync(new StuckLibrary(stuck: int.MaxValue));
        (await alone.GetAsync("/v1/librarypolicies")).Is(503);
    }

    [Fact]
    public async Task A_question_whose_only_node_goes_away_is_refused_without_waiting_for_it()
    {
        var api = new LibraryApi(new(new VanishingNode(), TimeSpan.FromSeconds(1)));
        var failure = await Assert.ThrowsAsync<ApiException>(() => api.ListAsync(null, withRules: true).WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System));
        Assert.Equal("Service Unavailable::no node runs service _library", failure.Message);
    }

    /// <summary>A node that goes away with the first call, which is never answered.</summary>
    private sealed class VanishingNode : IServiceCalls
    {
        private bool _hasGone;

        public async Task<TResult> CallAsync<TRequest, TResult>(
            string service, ServiceMethod<TRequest, TResult> method, TRequest request, CallOptions? options = null, CancellationToken cancellationToken = default)
        {
            if (_hasGone)
            {
                throw new ServiceNotFoundException($"no node runs {service}");
            }

            _hasGone = true;
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            throw new UnreachableException();
        }

        public Task<IReadOnlyList<BroadcastResult<TResult>>> BroadcastAsync<TRequest, TResult>(
            string service, ServiceMethod<TRequest, TResult> method, TRequest request, CallOptions? options = null, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();
    }

    /// <summary>Does not answer at first, as the node of one would not that stands still.</summary>
    private sealed class StuckLibrary : DataService
    {
        private int _asked;

        public StuckLibrary(int stuck)
            : base(LibraryService.ServiceName) => Methods.AddConcurrent(LibraryService.List, async (_, _, token) =>
            {
                if (Interlocked.Increment(ref _asked) <= stuck)
                {
                    await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
                }

                return [];
            });

        public int Asked => _asked;
    }
}
