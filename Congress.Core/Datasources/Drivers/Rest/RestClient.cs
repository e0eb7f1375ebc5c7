using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Congress.Datasources.Drivers.Rest;

/// <summary>Sends one request and takes its answer, both bounded in time and size.</summary>
/// <remarks>Redirects are followed here and not by the handler, which would give our credentials to whatever server it is sent to.</remarks>
internal sealed class RestClient : IDisposable
{
    /// <summary>The most bytes that are read of an answer that is no success.</summary>
    public const int ErrorBytes = 4096;

    private readonly HttpClient _reading;
    private readonly HttpClient _acting;
    private readonly RestWords _words;
    private readonly TimeSpan _timeout;
    private readonly int _maxRedirects;
    private readonly TimeProvider _time;

    public RestClient(RestWords words, TimeSpan timeout, int maxRedirects, TimeProvider time)
    {
        (_words, _timeout, _maxRedirects, _time) = (words, timeout, maxRedirects, time);

        // The handler repeats a request when a connection that it kept turns out to be closed. An action must not be, so it has a new one.
        _reading = ClientOf(TimeSpan.FromMinutes(5), timeout);
        _acting = ClientOf(TimeSpan.Zero, timeout);
    }

    /// <summary>Sends a request; one that reads follows redirects.</summary>
    /// <exception cref="DriverException">It was not sent, or the answer leads elsewhere.</exception>
    /// <exception cref="UnknownOutcomeException">It was sent, and no answer came, or not all of it.</exception>
    public async Task<RestAnswer> SendAsync(RestRequest request, CancellationToken cancellationToken)
    {
        for (var redirects = 0; ; redirects++)
        {
            var answer = await ExchangeAsync(request, cancellationToken).ConfigureAwait(false);
            var target = answer.Headers.Location?.OriginalString;
            if (request.Method != HttpMethod.Get || target is null || (int)answer.Status is not (301 or 302 or 303 or 307 or 308))
            {
                return answer;
            }

            if (redirects == _maxRedirects)
            {
                throw new DriverException(_words.Of(request, string.Create(CultureInfo.InvariantCulture, $"more than {_maxRedirects} redirects")));
            }

            request = request with
            {
                Url = RestUrl.Follow(request.Url, target) ?? throw new DriverException(_words.Of(request, $"redirected to another server, {target}, which is to see no credentials")),
            };
        }
    }

    public void Dispose()
    {
        _reading.Dispose();
        _acting.Dispose();
    }

    private async Task<RestAnswer> ExchangeAsync(RestRequest request, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(_timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            using var message = MessageOf(request);
            using var response = await (request.IsAction ? _acting : _reading)
                .SendAsync(message, HttpCompletionOption.ResponseHeadersRead, either.Token).ConfigureAwait(false);
            var body = response.IsSuccessStatusCode ? await ReadAsync(request, response, either.Token).ConfigureAwait(false)
                : await BeginningAsync(response, either.Token).ConfigureAwait(false);
            return new(request, response.StatusCode, response.Headers, body) { LastModified = response.Content.Headers.LastModified };
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            var seconds = _timeout.TotalSeconds.ToString(CultureInfo.InvariantCulture);
            throw new UnknownOutcomeException(_words.Of(request, $"no answer within {seconds} s"), e);
        }
        catch (HttpRequestException e) when (e.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError
            or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError)
        {
            throw new DriverException(_words.Of(request, $"cannot connect: {Reason(e)}"), e) { IsUnreachable = true };
        }
        catch (SocketException e)
        {
            // HttpClient lets it out when a connection is gone as soon as it stands, before anything is sent.
            throw new DriverException(_words.Of(request, $"cannot connect: {e.Message}"), e) { IsUnreachable = true };
        }
        catch (Exception e) when (e is HttpRequestException or IOException or InvalidDataException && !cancellationToken.IsCancellationRequested)
        {
            throw new UnknownOutcomeException(_words.Of(request, $"{(IsEnded(e) ? "the connection was lost" : "no whole answer came")}: {Reason(e)}"), e);
        }
    }

    private async Task<ReadOnlyMemory<byte>> ReadAsync(RestRequest request, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (request.MaxBytes == 0)
        {
            return default;
        }

        if (response.Content.Headers.ContentLength > request.MaxBytes)
        {
            throw TooLong(request);
        }

        var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        var body = await ReadAsync(stream, Math.Min(request.MaxBytes + 1, Array.MaxLength), cancellationToken).ConfigureAwait(false);
        return body.Length <= request.MaxBytes ? body : throw TooLong(request);
    }

    // What an error says is good to know, and no error when it does not come.
    private static async Task<ReadOnlyMemory<byte>> BeginningAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            return await ReadAsync(stream, ErrorBytes, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or InvalidDataException or OperationCanceledException)
        {
            return default;
        }
    }

    private static async Task<ReadOnlyMemory<byte>> ReadAsync(Stream stream, long most, CancellationToken cancellationToken)
    {
        var (buffer, length) = (new byte[(int)Math.Min(most, 16 * 1024)], 0);
        while (length < most)
        {
            if (length == buffer.Length)
            {
                Array.Resize(ref buffer, (int)Math.Min(most, buffer.Length * 2L));
            }

            var read = await stream.ReadAsync(buffer.AsMemory(length), cancellationToken).ConfigureAwait(false);
            if (read == 0)
            {
                break;
            }

            length += read;
        }

        return buffer.AsMemory(0, length);
    }

    private DriverException TooLong(RestRequest request) => new(_words.Of(request, "the answer is longer than max_bytes allows"));

    private static HttpRequestMessage MessageOf(RestRequest request)
    {
        var message = new HttpRequestMessage(request.Method, request.Url);
        if (request.Body is not null)
        {
            message.Content = new ByteArrayContent(request.Body);
            message.Content.Headers.ContentType = new("application/json");
        }

        message.Headers.TryAddWithoutValidation("Accept", "application/json");
        message.Headers.TryAddWithoutValidation("User-Agent", "Congress");
        foreach (var (name, value) in request.Headers)
        {
            _ = message.Headers.Remove(name);
            if (!message.Headers.TryAddWithoutValidation(name, value))
            {
                _ = message.Content?.Headers.Remove(name);
                message.Content?.Headers.TryAddWithoutValidation(name, value);
            }
        }

        return message;
    }

    private static HttpClient ClientOf(TimeSpan lifetime, TimeSpan timeout) => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.All,
        ConnectTimeout = timeout,
        PooledConnectionLifetime = lifetime,
        UseCookies = false,
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    private static bool IsEnded(Exception exception) =>
        exception is HttpRequestException { HttpRequestError: HttpRequestError.ResponseEnded } or HttpIOException { HttpRequestError: HttpRequestError.ResponseEnded };

    private static string Reason(Exception exception) => (exception.InnerException ?? exception).Message;
}
