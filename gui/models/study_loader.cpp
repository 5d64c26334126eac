#include "gui/models/study_loader.h"

#include <QThreadPool>
#include <exception>

namespace evenkeel::gui {
namespace {

/// Runs `work` on another thread and `then` with its result on the object's own. Whatever a file
/// provokes becomes a message.
template <class Work, class Then, class Fail>
void inBackground(QObject* object, Work work, Then then, Fail fail) {
  QThreadPool::globalInstance()->start([object, work, then, fail] {
    try {
      auto result = work();
      QMetaObject::invokeMethod(object, [then, result] { then(result); });
    } catch (const std::exception& error) {
      const QString what = QString::fromUtf8(error.what());
      QMetaObject::invokeMethod(object, [fail, what] { fail(what); });
    }
  });
}

}  // namespace

/// What is under way must not find its object gone.
StudyLoader::~StudyLoader() { QThreadPool::globalInstance()->waitForDone(); }

void StudyLoader::open(const QString& path, Reads reads) {
  const int ticket = ++ticket_;
  ++pending_;
  using Data = std::shared_ptr<const StudyData>;
  inBackground(
      this, [file = path.toStdString()] { return Data{new StudyData(readStudy(file))}; },
      [this, ticket, reads](const Data& data) {
        --pending_;
        if (ticket != ticket_) return;
        emit opened(data);
        if (reads == Reads::scalars) return;
        ++pending_;
        inBackground(
            this,
            [data] {
              auto whole = std::make_shared<StudyData>(*data);
              readDetails(*whole);
              return Data{whole};
            },
            [this, ticket](const Data& whole) {
              --pending_;
              if (ticket == ticket_) emit opened(whole);
            },
            [this, ticket](const QString& what) {
              --pending_;
              if (ticket == ticket_) emit failed(what);
            });
      },
      [this, ticket](const QString& what) {
        --pending_;
        if (ticket == ticket_) emit failed(what);
      });
}

void StudyLoader::openRun(std::shared_ptr<const StudyData> data, std::size_t variant,
                          std::size_t run) {
  ++pending_;
  inBackground(
      this,
      [data, variant, run] {
        return std::make_shared<const RunResult>(readRun(*data, variant, run));
      },
      [this, variant, run](const std::shared_ptr<const RunResult>& result) {
        --pending_;
        emit runOpened(result, variant, run);
      },
      [this](const QString& what) {
        --pending_;
        emit failed(what);
      });
}

}  // namespace evenkeel::gui
