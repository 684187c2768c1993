/*
 * The search of the site works in a worker, which browsers do not start from files. There, a frame takes its place: it has
 * a global scope of its own, runs the same script, and is sent the same messages.
 */
if (location.protocol === "file:") {
  window.Worker = class extends EventTarget {
    constructor(url) {
      super()
      this.waiting = []
      this.frame = document.createElement("iframe")
      this.frame.hidden = true
      const attach = () => {
        document.body.appendChild(this.frame)
        const scope = this.frame.contentWindow
        scope.postMessage = data => this.dispatchEvent(new MessageEvent("message", { data }))
        const script = scope.document.createElement("script")
        script.src = String(url)
        script.onload = () => {
          this.ready = true
          this.waiting.splice(0).forEach(data => this.postMessage(data))
        }
        scope.document.body.appendChild(script)
      }
      document.body ? attach() : addEventListener("DOMContentLoaded", attach)
    }

    postMessage(data) {
      if (this.ready) this.frame.contentWindow.dispatchEvent(new MessageEvent("message", { data }))
      else this.waiting.push(data)
    }
  }
}
